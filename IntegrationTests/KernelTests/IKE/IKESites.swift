import TestSupport
import Testing
import XFRMKit
import XFRMLab

/// Two sites whose gateways have no SAs: IKE daemons on them are to make them.
struct IKESites: Sendable {
  static let ends = [
    IKEEnd(name: "gateway-a", address: "192.0.2.1", network: "10.1.0.0/24"),
    IKEEnd(name: "gateway-b", address: "192.0.2.2", network: "10.2.0.0/24"),
  ]

  let lab: Lab
  let tools: [PrivateTool]

  init() throws {
    lab = try Lab(.siteToSite(), isProtected: false)
    tools = [
      try PrivateTool(in: lab.node("gateway-a").namespace),
      try PrivateTool(in: lab.node("gateway-b").namespace),
    ]
  }

  /// Starts charon at one of the gateways.
  ///
  /// - Parameters:
  ///   - index: Which.
  ///   - child: What it says of what is protected besides.
  func charon(_ index: Int, child: String = "esp_proposals = aes256gcm16") async throws -> Charon {
    try await Charon(
      in: tools[index], local: Self.ends[index], remote: Self.ends[1 - index], child: child)
  }

  /// Starts pluto at one of the gateways.
  func pluto(_ index: Int) async throws -> Pluto {
    try await Pluto(
      in: tools[index], local: Self.ends[index], remote: Self.ends[1 - index],
      options: "esp=aes_gcm256\npfs=no")
  }

  /// The numbers of a gateway's SAs.
  func spis(_ index: Int) throws -> Set<SPI> {
    var xfrm = try XFRMClient(in: tools[index].namespace)
    return Set(try xfrm.associations().map(\.spi))
  }

  /// Sends datagrams both ways, of which each has to arrive, and nothing in clear.
  func expectProtected() throws {
    try lab.send(from: "host-a", to: "host-b").expectDelivered().expectEncrypted()
    try lab.send(from: "host-b", to: "host-a").expectDelivered().expectEncrypted()
  }

  /// Lets datagrams flow both ways while something is done: all but a few arrive, and nothing is in
  /// clear.
  func expectProtected(during body: () async throws -> Void) async throws {
    let flow = try lab.flow(from: "host-a", to: "host-b")
    let capture = try PacketCapture(on: lab.node("gateway-a"), interface: "wan")
    let other = try PacketCapture(on: lab.node("gateway-b"), interface: "wan")
    let forth = try SteadyTraffic(flow, perSecond: 50)
    let back = try SteadyTraffic(flow.reversed, perSecond: 50)
    try await body()
    var traffic = forth.stop()
    traffic += back.stop()
    let wire = capture.stop() + other.stop()
    #expect(traffic.sent > 0 && traffic.delivered >= traffic.sent - 5, "\(traffic)")
    #expect(wire[.clear] == 0 && wire.readable == 0 && wire.missed == 0, "\(wire)")
    #expect(wire[.esp] + wire[.espInUDP] >= traffic.delivered, "\(wire)")
  }
}
