internal import XFRMKit

/// Files of `/proc`, as the calling thread's network namespace shows them.
struct SettingTexts: Sendable {
  var settings: [String: Int] = [:]
  var udp: [String] = []

  private static let single = ["ipv4.ip_forward", "ipv6.conf.all.forwarding"]
  private static let ofInterfaces = ["disable_xfrm", "disable_policy", "rp_filter", "forwarding"]

  init(_ links: [Link]) {
    let interfaces = ["all"] + links.filter { !$0.isLoopback }.map(\.name)
    let names =
      Self.single
      + interfaces.flatMap { interface in
        Self.ofInterfaces.map { "ipv4.conf.\(interface).\($0)" }
          + ["ipv6.conf.\(interface).disable_policy"]
      }
    for name in names {
      // What the kernel does not show is not there.
      let path = name.split(separator: ".").joined(separator: "/")
      guard let text = try? kernelText(at: "/proc/sys/net/\(path)") else { continue }
      settings["net.\(name)"] = Int(text.prefix { $0 != "\n" })
    }
    udp = ["udp", "udp6"].compactMap { try? kernelText(at: "/proc/thread-self/net/\($0)") }
  }

  /// `nil` if the kernel does not show it.
  static var netstat: String? { try? kernelText(at: "/proc/thread-self/net/netstat") }
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
