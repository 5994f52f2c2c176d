import Glibc
import XFRMKit

@testable import HostReadiness

/// What one check says of a host, with changes to its files and to what was found out.
func judge(
  _ id: CheckID, for use: Use, _ changes: [String: String?] = [:],
  _ change: (inout Findings) -> Void = { _ in }
) -> Check? {
  var options = Sample.host(changes).options
  options.profile = Profile(use)
  var findings = Findings(options) { SyntheticKernel.capable }
  change(&findings)
  return ReadinessReport(findings)[id]
}

/// Settings below `/proc/sys/net`.
func settings(_ values: [String: Int]) -> [String: String?] {
  Dictionary(uniqueKeysWithValues: values.map { ("/proc/sys/net/\($0.key)", "\($0.value)") })
}

extension Topology {
  /// A host with a network, and a way out of it over IPv4.
  static func sample(mtu: UInt32 = 1500) -> Topology {
    var topology = Topology()
    var loopback = Link("lo", index: 1)
    (loopback.isUp, loopback.isLoopback) = (true, true)
    var outer = Link("eth0", index: 2)
    (outer.isUp, outer.mtu) = (true, mtu)
    let idle = Link("eth1", index: 3)
    topology.links = [loopback, outer, idle]
    topology.addresses = [
      InterfaceAddress(prefix: IPPrefix(.v4(0xc000_0205), length: 24), interfaceIndex: 2)
    ]
    topology.addRoute(to: IPPrefix(.v4(0xc000_0200), length: 24), interface: 2)
    topology.addRoute(to: .any(.ipv4), interface: 2, via: .v4(0xc000_0201), metric: 100)
    return topology
  }

  mutating func addRoute(
    to destination: IPPrefix, interface: Int32, via gateway: IPAddress? = nil, metric: UInt32 = 0,
    table: UInt32 = Route.mainTable
  ) {
    var route = Route(to: destination)
    (route.interfaceIndex, route.gateway, route.metric) = (interface, gateway, metric)
    route.table = table
    routes.append(route)
  }
}
