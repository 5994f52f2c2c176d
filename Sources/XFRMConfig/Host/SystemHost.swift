internal import Glibc
internal import XFRMKit

/// The settings, interfaces and routes of a network namespace.
struct SystemHost {
  /// The calling thread's if `nil`.
  let namespace: NetworkNamespace?
  /// What the kernel calls it.
  let inode: UInt64

  /// What there is of what is wanted or held.
  ///
  /// - Parameters:
  ///   - settings: Their names.
  ///   - hasInterfaces: Whether there are interfaces or routes among it.
  ///   - destinations: Where its routes lead.
  ///   - guarded: Where guards of routes lead.
  func state(
    settings: Set<String> = [], hasInterfaces: Bool = true, destinations: Set<IPPrefix>,
    guarded: Set<IPPrefix> = []
  ) throws(HostProblem) -> HostState {
    var state = HostState()
    for name in settings { state.settings[name] = try SystemSetting(name).value(in: namespace) }
    guard hasInterfaces else { return state }
    state.namespace = NamespaceName.named(inode)
    state.isElsewhere = namespace != nil && state.namespace == nil
    try route("list interfaces and routes") { (route) throws(NetlinkError) in
      try state.look(&route, destinations, guarded)
    }
    return state
  }

  func route(
    _ what: String, _ body: (inout RouteConnection) throws(NetlinkError) -> Void
  ) throws(HostProblem) {
    do throws(NetlinkError) {
      var connection = try RouteConnection(in: namespace)
      try body(&connection)
    } catch {
      throw HostProblem("cannot \(what): \(error)")
    }
  }
}

extension SystemHost: HostSettings {
  /// Makes an interface, or gives one that is there already what it lacks: a plan that was cut short
  /// may have come that far.
  func add(_ interface: InterfaceEntry) throws(HostProblem) {
    var isAnothers = false
    try route("make interface \(interface.name)") { (route) throws(NetlinkError) in
      let present = try route.interfaces(XFRMInterface.self).first {
        $0.name.name == interface.name
      }
      if let present {
        isAnothers = present.kind.id != interface.interfaceID
        if isAnothers { return }
      } else {
        try route.add(InterfaceName(interface.name), XFRMInterface(id: interface.interfaceID))
      }
      for address in interface.addresses {
        try unlessDone { () throws(NetlinkError) in
          try route.addAddress(address, to: interface.name)
        }
      }
      try route.changeInterface(
        interface.name, isUp: true, mtu: interface.mtu ?? InterfaceEntry.usualMTU)
    }
    if isAnothers {
      throw HostProblem("there is an interface of that name with another interface ID")
    }
  }

  /// Deletes an interface, and leaves another that has its name by now.
  func delete(_ entry: InterfaceEntry) throws(HostProblem) {
    try route("delete interface \(entry.name)") { (route) throws(NetlinkError) in
      let present = try route.interfaces(XFRMInterface.self).first {
        $0.name.name == entry.name && $0.kind.id == entry.interfaceID
      }
      guard let present else { return }
      try unlessGone { () throws(NetlinkError) in
        try route.deleteInterface(index: present.name.index)
      }
    }
  }

  /// Adds a route, in one step in the place of one of ours. Another that is there in its place is
  /// only taken for it if it is the same.
  func add(_ entry: RouteEntry, replacing old: RouteEntry?) throws(HostProblem) {
    var isRefused = false
    try route("add a route to \(entry.destination)") { (route) throws(NetlinkError) in
      var new = Route(to: entry.destination)
      new.interfaceIndex = try route.interfaceIndex(entry.interface)
      new.source = entry.source
      if old != nil { return try route.replace(new) }
      isRefused = try !unlessDone { () throws(NetlinkError) in try route.add(new) }
    }
    guard isRefused else { return }
    let present = try state(destinations: [entry.destination])
    let theirs = present.routes.filter { $0.destination == entry.destination && $0 != entry }
    if let deletion = present.deletion(of: Array(theirs), to: entry.destination) {
      throw HostProblem(
        "there is a route to \(entry.destination) that is not ours; delete it: \(deletion)")
    }
    guard present.routes.contains(entry) else {
      throw HostProblem("the route that was in its place has just gone")
    }
  }

  func ineffective(_ routes: [RouteEntry]) throws(HostProblem) -> [RouteEntry] {
    let present = try state(destinations: Set(routes.map(\.destination)))
    return routes.filter {
      !present.routes.contains($0) || present.otherRoutes[$0.destination] != nil
    }
  }

  func delete(_ entry: RouteEntry) throws(HostProblem) {
    try route("delete the route to \(entry.destination)") { (route) throws(NetlinkError) in
      try unlessGone { () throws(NetlinkError) in
        var gone = Route(to: entry.destination)
        gone.interfaceIndex = try route.interfaceIndex(entry.interface)
        gone.source = entry.source
        try route.delete(gone)
      }
    }
  }

  /// With the first address of a subnet the kernel takes the others along, unless a setting keeps it
  /// from that, and the routes that have one of them for their source; with the last of IPv4 all
  /// routes of IPv4 through the interface.
  func delete(
    _ address: IPPrefix, from interface: InterfaceEntry, keeping routes: [RouteEntry]
  ) throws(HostProblem) {
    try route("take \(address) from \(interface.name)") { (route) throws(NetlinkError) in
      try unlessGone { () throws(NetlinkError) in
        try route.deleteAddress(address, from: interface.name)
      }
      for address in interface.addresses {
        try unlessDone { () throws(NetlinkError) in
          try route.addAddress(address, to: interface.name)
        }
      }
    }
    for route in routes { try add(route, replacing: nil) }
  }

  func change(_ setting: SettingEntry) throws(HostProblem) {
    try SystemSetting(setting.name).set(setting.value, in: namespace)
  }

  func wait(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var left = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var rest = timespec()
    // Sound: both outlive the call, which tells what is left after a signal.
    while unsafe nanosleep(&left, &rest) != 0, errno == EINTR { left = rest }
  }
}
