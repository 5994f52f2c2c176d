import HostReadiness

/// `xfrmctl check --undo --json`
struct UndoJSON: Encodable {
  struct Module: Encodable {
    var name: String
    /// `removed`, `alreadyGone`, `inUse` or `failed`
    var outcome: String
    var command: String?
    var said: [String]
    var cause: String?
  }

  var schema = "check-undo"
  var version = 1
  /// In the order in which they were taken out.
  var modules: [Module]
  var bootList: CheckJSON.BootList
  /// Why it is not known what was loaded.
  var recordProblem: String?

  init(_ report: UndoReport) {
    modules = report.attempts.map {
      Module(
        name: $0.module, outcome: $0.outcome.rawValue, command: $0.command, said: $0.said,
        cause: $0.cause)
    }
    bootList = CheckJSON.BootList(report.bootList)
    recordProblem = report.recordProblem
  }
}
