internal import XFRMKit

extension CommandParser {
  /// What `monitor` says.
  mutating func monitor() throws(SyntaxError) -> IPCommand {
    var monitor = MonitorCommand()
    var named: EventGroups = []
    while let word = take() {
      if word.abbreviates("file") {
        monitor.file = try argument("a file")
      } else if word == "nokeys" {
        monitor.hidesKeys = true
      } else if word == "all" {
        // To iproute2 it is what is heard unless something is named.
        if isNative { named.formUnion(.passive) }
      } else if word.abbreviates("all-nsid") {
        monitor.hearsAllNamespaces = true
      } else if let group = group(word) {
        named.formUnion(group)
      } else if word.abbreviates("help") {
        return .help(.monitor)
      } else {
        throw SyntaxError(
          "Argument \"\(SyntaxError.shown(word))\" is unknown, try \"ip xfrm monitor help\".",
          exitStatus: 255, word: next - 1,
          expected: "one of acquire, expire, SA, aevent, policy, report")
      }
    }
    if !named.isEmpty {
      monitor.groups = named
    } else if isNative {
      // What nobody asked for by name must not make the kernel wait.
      monitor.groups = .passive
    }
    return .monitor(monitor)
  }

  private func group(_ word: String) -> EventGroups? {
    let native = isNative ? Self.nativeGroups : []
    return (Self.groups + native).first { word.abbreviates($0.0) }?.1
  }

  private static let groups: [(String, EventGroups)] = [
    ("acquire", .acquire), ("expire", .expiry), ("SA", .associations), ("aevent", .checkpoints),
    ("policy", .policies), ("report", .reports),
  ]
  private static let nativeGroups: [(String, EventGroups)] = [
    ("migrate", .migrations), ("mapping", .mappings),
  ]
}
