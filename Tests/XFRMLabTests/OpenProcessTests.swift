import Glibc
import Testing

@testable import XFRMLab

/// What is told of processes that are to end.
@Suite("A process that is to end")
struct OpenProcessTests {
  /// - Parameters:
  ///   - answer: To every signal.
  ///   - last: The signal that it ends with; `nil` if none does.
  private func ending(_ answer: Int32 = 0, with last: Int32?) -> OpenProcess.Ending {
    var signals: [Int32] = []
    return OpenProcess.Ending(
      signalling: {
        signals.append($0)
        return answer
      }, waiting: { signals.last == last })
  }

  @Test("is told from one that must not be ended, and from one that nothing ends")
  func endings() {
    #expect(ending(with: SIGTERM) == .ended)
    #expect(ending(with: SIGKILL) == .ended)
    #expect(ending(-ESRCH, with: SIGTERM) == .ended)
    #expect(ending(-EPERM, with: nil) == .notPermitted)
    #expect(ending(with: nil) == .stays)
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
