import CNetlink
import Glibc
import Testing

@testable import Netlink

@Suite("A monitor", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct NetlinkMonitorTests {
  private static let links = [UInt32(RTNLGRP_LINK.rawValue)]

  @Test("hears what happens in its namespace, and in no other")
  func hears() throws {
    let namespace = try NetworkNamespace.create()
    var monitor = try NetlinkMonitor(.route, groups: Self.links, in: namespace)
    var elsewhere = try RouteConnection(in: try NetworkNamespace.create())
    try elsewhere.changeInterface("lo", isUp: true)
    #expect(try !monitor.next(milliseconds: 50) { _ in Issue.record("not from here") })

    var routes = try RouteConnection(in: namespace)
    try routes.changeInterface("lo", isUp: true)
    var heard: [UInt16] = []
    #expect(try monitor.next(milliseconds: 1_000) { heard.append($0.header.type.rawValue) })
    #expect(heard == [UInt16(RTM_NEWLINK)])
    #expect(try !monitor.next(milliseconds: 0) { _ in })
  }

  @Test("tells that it missed something, and goes on")
  func overrun() throws {
    let namespace = try NetworkNamespace.create()
    var monitor = try NetlinkMonitor(
      .route, groups: Self.links, in: namespace, bufferBytes: 1)
    var routes = try RouteConnection(in: namespace)
    for round in 0..<20 { try routes.changeInterface("lo", isUp: round.isMultiple(of: 2)) }
    var overruns = 0
    var heard = 0
    for _ in 0..<20 {
      do throws(NetlinkError) {
        guard try monitor.next(milliseconds: 0, { _ in heard += 1 }) else { break }
      } catch .overrun {
        overruns += 1
      }
    }
    #expect(overruns == 1)
    #expect(heard > 0 && heard < 20)
    try routes.changeInterface("lo", isUp: true)
    #expect(try monitor.next(milliseconds: 1_000) { _ in })
  }

  @Test("lends the rest of a datagram when one message cannot be read")
  func unreadable() throws {
    let namespace = try NetworkNamespace.create()
    var monitor = try NetlinkMonitor(.route, groups: Self.links, in: namespace)
    var routes = try RouteConnection(in: namespace)
    try routes.changeInterface("lo", isUp: true)
    #expect(throws: NetlinkError.malformed(.unreadableText(at: 3))) {
      _ = try monitor.next(milliseconds: 1_000) { (_) throws(MalformedMessage) in
        throw .unreadableText(at: 3)
      }
    }
    try routes.changeInterface("lo", isUp: false)
    #expect(try monitor.next(milliseconds: 1_000) { _ in })
  }
}
