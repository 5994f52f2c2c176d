import TestSupport
import Testing
import XFRMLab

/// A router that hides who sends, by the NAT of `iptables`: the one that User-Mode Linux has.
struct LegacyNAT: Sendable {
  /// libreswan depends on iptables, so it was unpacked with that.
  static let isNeeded = ConditionTrait.enabled(
    if: Pluto.tree != nil && Bed.name != "host",
    "needs iptables, which `IntegrationTests/beds/ike libreswan` fetches, and a guest's modules")

  private let tool: PrivateTool
  private let interface: String

  /// Has what leaves by an interface bear its address, and ports that only a NAT takes.
  init(on node: Node, interface: String) async throws {
    tool = try PrivateTool(in: node.namespace)
    self.interface = interface
    // By itself iptables would look for the module in what lies over /usr.
    let loaded = try await Shell.run("modprobe iptable_nat")
    try #require(loaded.status == 0, "\(loaded.complaint)")
    let programs = try UnpackedPrograms(Pluto.tree, in: tool)
    let rule = "-t nat -A POSTROUTING -o \(interface) -p udp -j MASQUERADE --to-ports 40000-50000"
    try await programs.output(["iptables-legacy"] + rule.split(separator: " ").map(String.init))
  }

  /// Gives the interface another address, as providers do; the kernel forgets what it translated to
  /// the old one.
  func move(from old: String, to new: String) async throws {
    let moved = try await tool.shell(
      "ip address del \(old) dev \(interface) && ip address add \(new) dev \(interface)")
    try #require(moved.isQuiet, "\(moved.complaint)")
  }
}
