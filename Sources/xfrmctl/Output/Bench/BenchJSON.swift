import XFRMKit
import XFRMLab

/// `xfrmctl bench --json`
struct BenchJSON: Encodable {
  struct Omission: Encodable {
    var proposal: String
    var reason: String
  }

  struct Wire: Encodable {
    /// Packets of ESP between the gateways.
    var esp: Int
    /// Others of the family.
    var clear: Int
  }

  struct Point: Encodable {
    /// Absent for the path without protection.
    var proposal: String?
    var mode: String
    var packetBytes: Int
    var associations: Int
    /// All that were sent, and all that arrived.
    var sent: Int
    var delivered: Int
    var wire: Wire
    var figures: Figures?
    /// Why there are no figures.
    var refused: String?
  }

  struct Figures: Encodable {
    var bitsPerSecond: Int
    var packetsPerSecond: Int
    var processorMillisecondsPerGigabyte: Int
    var processorMillisecondsPerMillionPackets: Int
    /// Packets beside those of the path without protection, where that was measured.
    var permilleOfPlain: Int?
  }

  var version = 1
  var kernel: String
  var processor: String
  var processors: Int
  var millisecondsEach: Int
  /// Of all addresses: `ipv4`.
  var family: String
  var points: [Point]
  var leftOut: [Omission]

  /// - Parameters:
  ///   - duration: Of each trial, as it was asked for.
  ///   - family: Of all of them.
  init(
    _ trials: [BenchTrial], for duration: Duration, over family: AddressFamily = .ipv4,
    omitting omissions: [Bench.Omission] = [], machine: BenchMachine
  ) {
    self.family = "\(family)".lowercased()
    kernel = machine.kernel
    processor = machine.processor
    processors = machine.processors
    millisecondsEach = Int((duration / .milliseconds(1)).rounded())
    points = trials.map { Point($0, base: trials.base(of: $0)) }
    leftOut = omissions.map {
      Omission(proposal: $0.proposal.name, reason: $0.reason.cause?.explanation ?? "\($0.reason)")
    }
  }
}

extension BenchJSON {
  /// `IPv4`
  var familyName: String { family.hasSuffix("6") ? "IPv6" : "IPv4" }
}

extension BenchJSON.Point {
  /// - Parameter base: The path without protection, if its figures are good.
  init(_ trial: BenchTrial, base: BenchTrial?) {
    let point = trial.point
    proposal = point.proposal?.name
    mode = "\(point.mode)"
    packetBytes = point.packetBytes
    associations = point.associations
    sent = trial.total.sent
    delivered = trial.total.delivered
    wire = BenchJSON.Wire(esp: trial.protected, clear: trial.clear)
    refused = trial.flaw
    figures = refused == nil ? BenchJSON.Figures(trial, base: base) : nil
  }
}

extension BenchJSON.Figures {
  /// `nil` if nothing arrived.
  fileprivate init?(_ trial: BenchTrial, base: BenchTrial?) {
    guard let gigabyte = trial.secondsPerGigabyte, let packets = trial.secondsPerMillionPackets
    else { return nil }
    bitsPerSecond = Int(trial.bitsPerSecond.rounded())
    packetsPerSecond = Int(trial.packetsPerSecond.rounded())
    processorMillisecondsPerGigabyte = Int((gigabyte * 1e3).rounded())
    processorMillisecondsPerMillionPackets = Int((packets * 1e3).rounded())
    permilleOfPlain = base.map {
      Int((trial.packetsPerSecond / $0.packetsPerSecond * 1e3).rounded())
    }
  }
}
