internal import Netlink
internal import XFRMKit

/// The interfaces, addresses and routes of the caller's own network namespace.
struct Topology: Sendable {
  var links: [Link] = []
  var addresses: [InterfaceAddress] = []
  var routes: [Route] = []

  func link(_ index: Int32) -> Link? { links.first { $0.index == index } }

  func link(named name: String) -> Link? { links.first { $0.name == name } }

  /// The way to everybody else: of all such routes the one that is preferred.
  func defaultRoute(_ family: AddressFamily) -> Route? {
    routes.filter {
      $0.destination == .any(family) && $0.isUnicast && $0.table == Route.mainTable
        && $0.interfaceIndex != 0
    }.min { $0.metric < $1.metric }
  }

  /// The interface that leads to everybody else over IPv4.
  var outerLink: Link? { defaultRoute(.ipv4).flatMap { link($0.interfaceIndex) } }
}

extension Topology {
  /// Asks the kernel, which changes nothing and takes no privilege.
  static func current() throws(XFRMError) -> Topology {
    do throws(NetlinkError) {
      var connection = try RouteConnection()
      return Topology(
        links: try connection.links(), addresses: try connection.addresses(),
        routes: try connection.routes())
    } catch {
      throw XFRMError("list interfaces, addresses and routes", error)
    }
  }
}

extension IPPrefix {
  /// Whether some address lies in both.
  func overlaps(_ other: IPPrefix) -> Bool {
    length <= other.length ? contains(other.address) : other.contains(address)
  }
}
