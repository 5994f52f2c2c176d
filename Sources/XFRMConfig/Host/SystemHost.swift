internal import Glibc
internal import XFRMKit

/// The settings, interfaces and routes of a network namespace.
struct SystemHost {
  /// The calling thread's if `nil`.
  let namespace: NetworkNamespace?

  /// What there is of what is wanted or held.
  func state(settings: Set<String>, hasInterfaces: Bool) throws(HostProblem) -> HostState {
    var state = HostState()
    for name in settings { state.settings[name] = try SystemSetting(name).value(in: namespace) }
    guard hasInterfaces else { return state }
    try route("list interfaces and routes") { (route) throws(NetlinkError) in
      var names: [Int32: String] = [:]
      for interface in try route.interfaces(XFRMInterface.self) {
        names[interface.name.index] = interface.name.name
        state.interfaces[interface.name.name] = interface.kind.id
      }
      for entry in try route.routes() where entry.isDirect {
        guard let name = names[entry.interfaceIndex] else { continue }
        state.routes.insert(
          RouteEntry(to: entry.destination, through: name, source: entry.source))
      }
    }
    return state
  }

  private func route(
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
      try route.changeInterface(interface.name, isUp: true, mtu: interface.mtu)
    }
    if isAnothers {
      throw HostProblem("there is an interface of that name with another interface ID")
    }
  }

  func deleteInterface(_ name: String) throws(HostProblem) {
    try route("delete interface \(name)") { (route) throws(NetlinkError) in
      try unlessGone { () throws(NetlinkError) in try route.deleteInterface(name) }
    }
  }

  func add(_ entry: RouteEntry) throws(HostProblem) {
    try route("add a route to \(entry.destination)") { (route) throws(NetlinkError) in
      try unlessDone { () throws(NetlinkError) in
        try route.addRoute(to: entry.destination, interface: entry.interface, source: entry.source)
      }
    }
  }

  func delete(_ entry: RouteEntry) throws(HostProblem) {
    try route("delete the route to \(entry.destination)") { (route) throws(NetlinkError) in
      try unlessGone { () throws(NetlinkError) in
        var gone = Route(to: entry.destination)
        gone.interfaceIndex = try route.interfaceIndex(entry.interface)
        try route.delete(gone)
      }
    }
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

// MARK: - What is done already

/// A plan that was cut short may have done it.
private func unlessDone(_ body: () throws(NetlinkError) -> Void) throws(NetlinkError) {
  do throws(NetlinkError) { try body() } catch {
    guard case .refused(let refusal) = error, refusal.errno == .fileExists else { throw error }
  }
}

private func unlessGone(_ body: () throws(NetlinkError) -> Void) throws(NetlinkError) {
  do throws(NetlinkError) { try body() } catch {
    guard case .refused(let refusal) = error,
      [SystemErrno.noSuchDevice, .noSuchProcess, .noSuchFile].contains(refusal.errno)
    else { throw error }
  }
}

extension Route {
  /// Whether it is one of the main table that leads straight out of an interface.
  fileprivate var isDirect: Bool {
    isUnicast && gateway == nil && (table == 0 || table == Route.mainTable)
  }
}
