import IPRoute2
import Synchronization
import XFRMKit

/// Writes the kernel's messages to a file as they come.
final class Recorder: Sendable {
  private let state: Mutex<State>

  private struct State: ~Copyable {
    var log: MessageLogWriter
    var failure: MessageLogError?
  }

  init(_ path: String) throws(Failure) {
    do throws(MessageLogError) {
      state = Mutex(State(log: try MessageLogWriter(path: path), failure: nil))
    } catch {
      throw Failure("cannot record to \(path): \(error)", .failed)
    }
  }

  /// What went wrong first.
  var failure: MessageLogError? { state.withLock { $0.failure } }

  @Sendable
  func record(_ message: borrowing NetlinkMessage) {
    // What is borrowed cannot go where the lock is held.
    let (header, payload) = (message.header, Secret(message.payload))
    state.withLock { state in
      guard state.failure == nil else { return }
      do throws(MessageLogError) { try state.log.append(header, payload) } catch {
        state.failure = error
      }
    }
  }
}
