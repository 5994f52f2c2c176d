public import XFRMKit

/// A route that stands behind one into an interface and drops what that would lead there: with the
/// interface its routes go, and packets would take the next best one, in clear.
///
/// No policy can do that. The kernel holds a packet that is routed into an xfrm interface against
/// the policies without an interface ID first, as it does one that takes any other way, so that
/// what stops the latter stops the former. A route with a lower metric comes before this one for as
/// long as it is there.
public struct RouteGuard: Hashable, Sendable {
  /// The connection that it is of, and which of its guards it is.
  public var name: ObjectName
  /// Where the packets are going.
  public var destination: IPPrefix

  /// A guard behind the routes of a connection.
  public init(_ name: ObjectName, to destination: IPPrefix) {
    self.name = name
    self.destination = destination
  }

  /// Next behind a route of ours: whatever else leads there comes later.
  ///
  /// - Parameter family: That of its addresses.
  static func metric(_ family: AddressFamily) -> UInt32 { Route.usualMetric(family) + 1 }

  /// As the kernel has it.
  var route: Route { .unreachable(destination, metric: Self.metric(destination.family)) }
}
