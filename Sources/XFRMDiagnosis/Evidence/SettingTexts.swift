internal import XFRMKit

/// Files of `/proc`, as the calling thread's network namespace shows them.
struct SettingTexts: Sendable {
  var settings: [String: Int] = [:]
  var udp: [String] = []

  /// IPv6 has no `disable_xfrm`.
  private static let ofInterfaces = [
    ["ipv4", "disable_xfrm"], ["ipv4", "disable_policy"], ["ipv4", "forwarding"],
    ["ipv6", "disable_policy"], ["ipv6", "forwarding"],
  ]

  /// - Parameter read: What a file has, if the kernel shows it.
  init(_ links: [Link], read: (String) -> String? = { try? kernelText(at: $0) }) {
    let interfaces = ["all"] + links.filter { !$0.isLoopback }.map(\.name)
    let names =
      [["ipv4", "ip_forward"]]
      + interfaces.flatMap { interface in
        Self.ofInterfaces.map { [$0[0], "conf", interface, $0[1]] }
      }
    for name in names {
      // Names of interfaces may have dots, too.
      guard let text = read("/proc/sys/net/\(name.joined(separator: "/"))") else { continue }
      settings["net.\(name.joined(separator: "."))"] = Int(text.prefix { $0 != "\n" })
    }
    udp = ["udp", "udp6"].compactMap { read("/proc/thread-self/net/\($0)") }
  }

}

/// Counters of IP, as the calling thread's network namespace shows them; those that it does
/// not show have no value.
struct CounterTexts: Sendable {
  var reversePathDrops: UInt64?
  var unforwarded: [AddressFamily: UInt64] = [:]

  init(
    read: (String) -> String? = { try? kernelText(at: "/proc/thread-self/net/\($0)") }
  ) {
    reversePathDrops = NetstatText(read("netstat") ?? "")["TcpExt", "IPReversePathFilter"]
    unforwarded[.ipv4] = NetstatText(read("snmp") ?? "")["Ip", "InAddrErrors"]
    // "Ip6InAddrErrors                 	0": a line each.
    let line = read("snmp6")?.split(separator: "\n").first { $0.hasPrefix("Ip6InAddrErrors") }
    let number = line?.split(whereSeparator: \.isWhitespace).last
    unforwarded[.ipv6] = number.flatMap { UInt64($0) }
  }
}

extension HostEvidence {
  mutating func readFiles(_ texts: SettingTexts) {
    settings = texts.settings
    guard !texts.udp.isEmpty else { return }
    let ports = texts.udp.flatMap { text in
      text.split(separator: "\n").dropFirst().compactMap { line -> UInt16? in
        // "  12: 0100007F:1194 …": the port is hexadecimal.
        let local = line.split(separator: " ").dropFirst().first
        return local.flatMap { $0.split(separator: ":").last }.flatMap { UInt16($0, radix: 16) }
      }
    }
    udpPorts = Set(ports)
  }
}

/// `/proc/net/netstat`: lines in pairs, names and numbers.
struct NetstatText {
  private var values: [String: UInt64] = [:]

  init(_ text: String) {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    for (names, numbers) in zip(lines, lines.dropFirst()) where names.first == numbers.first {
      for (name, number) in zip(names, numbers).dropFirst() {
        values["\(names[0])\(name)"] = UInt64(number)
      }
    }
  }

  subscript(group: String, name: String) -> UInt64? { values["\(group):\(name)"] }
}
