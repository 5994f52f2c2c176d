import HostReadiness

/// `xfrmctl check --json`
struct CheckJSON: Encodable {
  struct Host: Encodable {
    var name: String
    var kernel: String
    var architecture: String
    var distribution: String?
    var container: String?
  }

  struct Item: Encodable {
    struct Fact: Encodable {
      var source: String
      var answer: String
      var errno: String?
      var kernelWords: String?
    }

    struct Fix: Encodable {
      var text: String
      var command: String?
    }

    var id: String
    var group: String
    var title: String
    /// `pass`, `fail`, `unknown` or `absent`
    var status: String
    /// `required`, `recommended` or `optional`
    var severity: String
    var summary: String
    var evidence: [Fact]
    var cause: String?
    var remedies: [Fix]
    var dependsOn: [String]
    var durationSeconds: Double
  }

  struct Module: Encodable {
    var name: String
    var state: String
    var blockedBy: String?
  }

  struct Unreadable: Encodable {
    var path: String
    var errno: String?
  }

  struct Attempt: Encodable {
    var module: String
    var outcome: String
    var command: String?
    var exitStatus: Int32?
    var said: [String]
    var cause: String?
    var provenBy: String?
    var unprovenBy: String?
  }

  struct File: Encodable {
    var path: String
    var outcome: String
    var cause: String?
    var modules: [String]
  }

  var version = 1
  /// `ready`, `ready-with-warnings`, `not-ready` or `unknown`
  var verdict: String
  var host: Host
  var counts: [String: Int]
  var checks: [Item]
  var modules: [Module]
  /// Files that are there but could not be read.
  var unreadable: [Unreadable]
  /// What `--load` tried.
  var load: [Attempt]?
  /// What `--persist` wrote.
  var persisted: File?
  /// Why `--undo` will not know what was loaded.
  var recordProblem: String?
  var modulesLoaded: [String]
  /// Checks that `--no-load` has left open.
  var notAsked: [String]
  var durationSeconds: Double

  init(_ report: ReadinessReport, _ loaded: LoadReport?) {
    verdict =
      switch report.verdict {
      case .ready: "ready"
      case .readyWithWarnings: "ready-with-warnings"
      case .notReady: "not-ready"
      case .unknown: "unknown"
      }
    host = Host(
      name: report.host.hostname, kernel: report.host.kernelRelease,
      architecture: report.host.architecture,
      distribution: report.host.distribution.map { "\($0)" }, container: report.host.container)
    let counts = report.counts
    self.counts = [
      "passed": counts.passed, "warnings": counts.warnings, "failed": counts.failed,
      "unknown": counts.unknown, "absent": counts.absent,
    ]
    checks = report.checks.map { Item($0) }
    modules = report.modules.map {
      Module(name: $0.module.name, state: $0.state.name, blockedBy: $0.block?.location)
    }
    unreadable = report.unreadable.map { Unreadable(path: $0.path, errno: $0.errno) }
    load = loaded?.attempts.map {
      Attempt(
        module: $0.module.name, outcome: $0.outcome.rawValue, command: $0.command,
        exitStatus: $0.exitStatus, said: $0.said, cause: $0.cause,
        provenBy: $0.provenBy?.rawValue, unprovenBy: $0.unprovenBy?.rawValue)
    }
    persisted = loaded?.persisted.map { File($0) }
    recordProblem = loaded?.recordProblem
    notAsked = report.notAsked.map(\.rawValue)
    modulesLoaded = loaded?.modulesLoaded ?? report.sideEffects.modulesLoaded
    durationSeconds = report.duration.inSeconds
  }
}

extension CheckJSON.File {
  init(_ change: FileChange) {
    path = change.path
    outcome = change.outcome.rawValue
    cause = change.cause
    modules = change.modules
  }
}

extension CheckJSON.Item {
  init(_ check: HostReadiness.Check) {
    id = check.id.rawValue
    group = check.group.rawValue
    title = check.title
    status = check.status.rawValue
    severity = check.severity.rawValue
    summary = check.summary
    evidence = check.evidence.map {
      Fact(source: $0.source, answer: $0.answer, errno: $0.errno, kernelWords: $0.kernelWords)
    }
    cause = check.cause
    remedies = check.remedies.map { Fix(text: $0.text, command: $0.command) }
    dependsOn = check.dependsOn.map(\.rawValue)
    durationSeconds = check.duration.inSeconds
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
