import HostReadiness

/// `xfrmctl check --json`, which other formats and `xfrmctl check report` are made from, too.
struct CheckJSON: Codable {
  struct Tool: Codable {
    var name = "xfrmctl"
    var version = toolVersion
  }

  struct Host: Codable {
    var name: String
    var kernel: String
    /// How the kernel was chosen among those of an image.
    var kernelChoice: String?
    var architecture: String
    var distribution: String?
    var container: String?
    /// Whose virtual machine it is.
    var virtualMachine: String?
  }

  struct Profile: Codable {
    var name: String
    /// The use that it is built on.
    var base: String
    /// What ESP must be capable of.
    var proposals: [String]
  }

  /// The first check that keeps the host from being ready.
  struct FirstFailure: Codable {
    var id: String
    var group: HostReadiness.Check.Group
    var summary: String
  }

  struct Counts: Codable {
    var passed: Int
    var warnings: Int
    var failed: Int
    var unknown: Int
    var absent: Int
  }

  struct Module: Codable {
    var name: String
    var state: String
    var blockedBy: String?
  }

  struct Unreadable: Codable {
    var path: String
    var errno: String?
  }

  struct Attempt: Codable {
    var module: String
    var outcome: String
    var command: String?
    var exitStatus: Int32?
    var said: [String]
    var cause: String?
    /// The check whose probe showed that the module does what it was loaded for.
    var provenBy: String?
    /// The one that showed that it does not.
    var unprovenBy: String?
  }

  /// The list that `--persist` wrote.
  struct BootList: Codable {
    var path: String
    var outcome: String
    var cause: String?
    var modules: [String]
  }

  struct SideEffects: Codable {
    var modulesLoaded: [String]
  }

  var schema = Self.schemaName
  var version = Self.currentVersion
  var tool = Tool()
  var host: Host
  var profile: Profile
  var startedAt: String
  var durationSeconds: Double
  var verdict: Verdict
  var firstFailure: FirstFailure?
  var counts: Counts
  /// Whether the kernel can do what a check is about, by the check's name; what is not known is
  /// left out.
  var capabilities: [String: Bool]
  var checks: [Item]
  /// What to do, each thing once, what matters most first.
  var remedies: [Item.Fix]
  var modules: [Module]
  /// Files that are there but could not be read.
  var unreadable: [Unreadable]
  /// What `--load` tried.
  var load: [Attempt]?
  /// What became of the list of modules to load at each boot, with `--persist`.
  var persisted: BootList?
  /// Why `--undo` will not know what was loaded.
  var recordProblem: String?
  var sideEffects: SideEffects

  static let schemaName = "check"
  static let currentVersion = 1
}

extension Verdict: Codable {}
extension HostReadiness.Check.Group: Codable {}
extension HostReadiness.Check.Status: Codable {}
extension HostReadiness.Check.Severity: Codable {}
extension HostReadiness.Check.Outcome: Codable {}
