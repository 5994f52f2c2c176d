import XFRMKit
import XFRMLab

/// What `xfrmctl bench` shows a person.
struct BenchText {
  let document: BenchJSON

  init(_ document: BenchJSON) { self.document = document }

  /// What is going to be measured, and how long that takes.
  static func announcement(_ bench: Bench) -> String {
    let plan = bench.plan
    // What is built anew for each point, and waited for.
    let seconds = Double(plan.points.count) * (bench.duration / .seconds(1) + 0.4)
    let parts = [
      (["plain"] + plan.proposals.map(\.name)).joined(separator: ", "),
      plan.modes.map { "\($0)" }.joined(separator: ", "),
      "\(plan.family)", plan.sizes.map(String.init).joined(separator: ", ") + " bytes",
      plan.associations.map { Text.plural($0, "SA") }.joined(separator: ", "),
    ]
    let duration = Text.duration(UInt64(seconds.rounded(.up)))
    let whole = "measuring for about \(duration): \(parts.joined(separator: "; "))"
    return Text.wrap(whole, width: 80).joined(separator: "\n")
  }

  /// `aes256gcm16, tunnel, 1400 bytes, 1 SA`
  static func words(_ point: BenchPoint) -> String {
    words(point.proposal?.name, "\(point.mode)", point.packetBytes, point.associations)
  }

  private static func words(
    _ proposal: String?, _ mode: String, _ bytes: Int, _ associations: Int
  ) -> String {
    "\(proposal ?? "plain"), \(mode), \(bytes) bytes, \(Text.plural(associations, "SA"))"
  }

  var text: String {
    var blocks = [heading]
    var points = document.points[...]
    while let first = points.first {
      let group = points.prefix { $0.mode == first.mode && $0.associations == first.associations }
      blocks.append(table(group))
      points = points.dropFirst(group.count)
    }
    return (blocks + notes).joined(separator: "\n\n")
  }

  private var heading: String {
    let machine =
      "Linux \(document.kernel), \(Text.plural(document.processors, "processor")) "
      + "(\(document.processor)), \(Self.decimal(document.millisecondsEach, 1_000, 1)) s each"
    let title = "UDP over \(document.familyName) through ESP, as much as goes, all on this machine"
    return Style.bold(title) + "\n"
      + Text.wrap(machine, width: 80).joined(separator: "\n")
  }

  private func table(_ points: ArraySlice<BenchJSON.Point>) -> String {
    guard let first = points.first else { return "" }
    let title = "\(first.mode) mode, \(Text.plural(first.associations, "SA"))"
    var lines = [
      Style.bold(title),
      "  bytes  cipher                 Mbit/s  packets/s  of plain  CPU s/GB  s/Mpacket",
    ]
    var size = 0
    for point in points {
      let bytes = point.packetBytes == size ? "" : "\(point.packetBytes)"
      size = point.packetBytes
      var start = Text.padLeft(bytes, 7) + "  " + Text.pad(point.proposal ?? "plain", 18)
      if start.count > 27 {
        lines.append(start)
        start = Text.pad("", 27)
      }
      lines.append(start + figures(point))
    }
    return lines.joined(separator: "\n")
  }

  private func figures(_ point: BenchJSON.Point) -> String {
    guard let figures = point.figures else { return "  " + Style.red("refused") }
    return Text.padLeft(Self.decimal(figures.bitsPerSecond, 1_000_000, 1), 11)
      + Text.padLeft(Text.count(figures.packetsPerSecond), 11)
      + Text.padLeft(figures.permilleOfPlain.map { Self.decimal($0, 1_000, 2) } ?? "", 10)
      + Text.padLeft(Self.decimal(figures.processorMillisecondsPerGigabyte, 1_000, 2), 10)
      + Text.padLeft(Self.decimal(figures.processorMillisecondsPerMillionPackets, 1_000, 2), 11)
  }

  private var notes: [String] {
    var notes: [String] = []
    for point in document.points {
      let what = Self.words(
        point.proposal, point.mode, point.packetBytes, point.associations)
      if let refused = point.refused { notes.append("refused: \(what): \(refused)") }
      let lost = point.sent - point.delivered
      if point.refused == nil, lost * 100 > point.sent {
        notes.append("lost: \(what): \(Text.count(lost)) of \(Text.count(point.sent)) packets")
      }
    }
    notes += document.leftOut.map { "left out: \($0.proposal): \($0.reason)" }
    notes.append(
      "CPU: time of all processors, whatever they did (/proc/stat). All packets counted here were "
        + "ESP on the wire, but for those of the plain path.")
    return [notes.flatMap { Text.wrap($0, width: 80) }.joined(separator: "\n")]
  }

  /// So many parts of a unit with one digit or two behind the point: `12.0`, `0.35`.
  private static func decimal(_ parts: Int, _ unit: Int, _ digits: Int) -> String {
    let scale = digits == 1 ? 10 : 100
    let whole = (parts * scale + unit / 2) / unit
    let behind = "\(whole % scale)"
    return "\(Text.count(whole / scale))." + (behind.count < digits ? "0" : "") + behind
  }
}
