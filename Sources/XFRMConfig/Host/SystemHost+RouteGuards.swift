internal import XFRMKit

extension SystemHost {
  /// Adds a route that drops packets. Another that is there in its place is only taken for it if it
  /// does that, too.
  func add(_ entry: RouteGuard) throws(HostProblem) {
    let destination = entry.destination
    var isRefused = false
    try route("add a route that drops packets to \(destination)") {
      (route) throws(NetlinkError) in
      isRefused = try !unlessDone { () throws(NetlinkError) in try route.add(entry.route) }
    }
    guard isRefused else { return }
    let present = try state(destinations: [], guarded: [destination])
    guard !present.routeGuards.contains(destination) else { return }
    guard let words = present.routeGuardPlaces[destination] else {
      throw HostProblem("the route that was in its place has just gone")
    }
    throw HostProblem(
      "there is a route to \(destination) in its place that is not ours; delete it: "
        + present.deletion(words))
  }

  func delete(_ entry: RouteGuard) throws(HostProblem) {
    try route("delete the route that drops packets to \(entry.destination)") {
      (route) throws(NetlinkError) in
      try unlessGone { () throws(NetlinkError) in try route.delete(entry.route) }
    }
  }

  func lacking(_ guards: [RouteGuard]) throws(HostProblem) -> [RouteGuard] {
    let present = try state(destinations: []).routeGuards
    return guards.filter { !present.contains($0.destination) }
  }
}
