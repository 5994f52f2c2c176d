import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMLab

/// What is told of processes that are to end.
@Suite("A process that is to end")
struct OpenProcessTests {
  /// - Parameters:
  ///   - answer: To every signal.
  ///   - last: The signal that it ends with; `nil` if none does.
  private func ending(_ answer: Int32 = 0, with last: Int32?) -> OpenProcess.Ending? {
    var signals: [Int32] = []
    return OpenProcess.Ending.of(
      [7],
      signalling: {
        signals.append($1)
        return answer
      }, waiting: { _ in signals.last == last }
    ).first?.ending
  }

  @Test("is told from one that must not be ended, and from one that nothing ends")
  func endings() {
    #expect(ending(with: SIGTERM) == .ended)
    #expect(ending(with: SIGKILL) == .ended)
    #expect(ending(-ESRCH, with: SIGTERM) == .ended)
    #expect(ending(-EPERM, with: nil) == .notPermitted)
    #expect(ending(with: nil) == .stays)
  }

  @Test("is asked before any other is waited for")
  func order() {
    var deeds: [String] = []
    let endings = OpenProcess.Ending.of(
      ["mild", "stubborn", "foreign"],
      signalling: { process, signal in
        deeds.append("\(signal) to \(process)")
        return process == "foreign" ? -EPERM : 0
      },
      waiting: { process in
        deeds.append("wait for \(process)")
        return process == "mild" || deeds.contains("\(SIGKILL) to \(process)")
      })
    #expect(
      deeds == [
        "15 to mild", "15 to stubborn", "15 to foreign", "wait for mild", "wait for stubborn",
        "9 to stubborn", "wait for stubborn",
      ])
    #expect(endings.map(\.process) == ["foreign", "mild", "stubborn"])
    #expect(endings.map(\.ending) == [.notPermitted, .ended, .ended])
  }

  @Test("has not ended because a signal came to who waits for it")
  func interrupted() async throws {
    let script = #"trap "" TERM; sleep 600 </dev/null >/dev/null 2>&1 & echo $!"#
    let output = try await Shell.run(script).output
    let number = try #require(Int32(output.dropLast()))
    #expect(try Self.endDisturbed(number) == .ended)
    // What waits only for somebody to be told has no memory any more.
    let memory = try? kernelText(at: "/proc/\(number)/statm")
    #expect(memory?.hasPrefix("0 ") ?? true, "it goes on")
  }

  /// Ends a process while signals come to the thread that waits for it.
  private static func endDisturbed(_ number: Int32) throws -> OpenProcess.Ending {
    let process = try #require(try OpenProcess(number))
    signal(SIGURG, { _ in })
    var signals = sigset_t()
    // Sound: the set outlives the calls.
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGURG)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    let waiting = pthread_self()
    let disturber = try Thread {
      for _ in 0..<20 {
        usleep(10_000)
        pthread_kill(waiting, SIGURG)
      }
    }
    let ending = process.end(patience: 500)
    _ = consume disturber  // Joined here: nothing comes any more.
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    return ending
  }

  @Test("is told in words that say which")
  func words() throws {
    try OpenProcess.Ending.ended.check("process 7")
    func error(_ ending: OpenProcess.Ending) -> LabError? {
      do throws(LabError) { try ending.check("process 7") } catch { return error }
      return nil
    }
    #expect(error(.notPermitted)?.isPermission == true)
    #expect(error(.stays)?.isPermission == false)
    #expect(error(.stays)?.description == "process 7 has been killed, and still runs")
  }
}
