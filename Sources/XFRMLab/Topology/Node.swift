internal import Glibc
internal import Synchronization
public import XFRMKit

/// A host of a lab: a network namespace of its own, without a name outside.
///
/// It vanishes with its interfaces, SAs and policies when the last copy of the value does, or the
/// process ends, however it ends: the kernel holds it by this process's descriptors alone.
public struct Node: Sendable {
  public let name: String
  public let namespace: NetworkNamespace

  public init(_ name: String) throws(LabError) {
    self.name = name
    namespace = try attempt("create the namespace of \(name)") { () throws(NetlinkError) in
      try NetworkNamespace.create()
    }
    try settle()
    try change { (route) throws(NetlinkError) in try route.changeInterface("lo", isUp: true) }
  }

  /// Settings that are 0 on every node: it forwards nothing until it is told to, takes packets that
  /// come another way than it would answer, leaves none of them out of IPsec, and has IPv6.
  ///
  /// A new namespace has the machine's own settings of IPv4, and may have those of IPv6
  /// (net.core.devconf_inherit_init_net).
  static let settings: [String] =
    ["net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"]
    // Of what is made later.
    + ["net.ipv4.conf.default.forwarding", "net.ipv6.conf.default.forwarding"]
    + ["all", "default"].flatMap { interfaces in
      ["rp_filter", "disable_xfrm", "disable_policy"].map { "net.ipv4.conf.\(interfaces).\($0)" }
        + ["net.ipv6.conf.\(interfaces).disable_policy"]
    }
    // Its own was made before anything could be set.
    + ["all", "default", "lo"].map { "net.ipv6.conf.\($0).disable_ipv6" }
    // IPv6 addresses can be used at once: nobody else can have them, and a router cannot look for its
    // neighbours before its link-local address is more than tentative, which takes over a second.
    + ["accept_dad", "dad_transmits", "router_solicitations"].map {
      "net.ipv6.conf.default.\($0)"
    }

  func settle() throws(LabError) {
    try run { () throws(LabError) in
      for path in Self.settings.map(Self.path) {
        do throws(SystemErrno) {
          // What is right already is not opened for writing, which cannot be done everywhere.
          if try kernelText(at: path) == "0\n" { continue }
        } catch {
          // A kernel may have no IPv6.
          if error == .noSuchFile { continue }
          throw .system("read \(path)", error)
        }
        try writeFile(path, "0")
      }
    }
  }

  /// The node's SAs and policies.
  public func xfrm() throws(LabError) -> XFRMClient {
    do { return try XFRMClient(in: namespace) } catch { throw .xfrm(error) }
  }

  /// Gives an interface an address, and waits until the node takes packets to it, if the interface
  /// is up.
  public func addAddress(_ prefix: IPPrefix, to interface: String) throws(LabError) {
    try change { (route) throws(NetlinkError) in try route.addAddress(prefix, to: interface) }
    guard prefix.family == .ipv6 else { return }
    // A worker of the kernel makes the local route a little later, and a router drops or forwards
    // until then what is its own.
    let own = IPPrefix(prefix.address)
    try wait("take packets to \(prefix.address)") { (route) throws(NetlinkError) in
      guard try route.isRunning(interface) else { return true }
      return try route.routes().contains { $0.destination == own && !$0.isUnicast }
    }
  }

  public func addRoute(to destination: IPPrefix, via gateway: IPAddress) throws(LabError) {
    try change { (route) throws(NetlinkError) in
      try route.addRoute(to: destination, via: gateway)
    }
  }

  /// Sets a variable such as `net.ipv4.ip_forward`.
  public func setSysctl(_ name: String, to value: String) throws(LabError) {
    try run { () throws(LabError) in try writeFile(Self.path(name), value) }
  }

  private static func path(_ setting: String) -> String {
    "/proc/sys/" + setting.split(separator: ".").joined(separator: "/")
  }

  /// Connects two nodes by a virtual Ethernet cable, and waits until both ends are ready.
  ///
  /// - Parameters:
  ///   - left: One node.
  ///   - leftInterface: What its end is called.
  ///   - right: The other node.
  ///   - rightInterface: What its end is called.
  ///   - mtu: The longest packet; `nil` for the usual one.
  ///   - impairment: How bad the cable is, in both directions.
  public static func connect(
    _ left: Node, _ leftInterface: String, _ right: Node, _ rightInterface: String,
    mtu: UInt32? = nil, impairment: LinkImpairment = LinkImpairment()
  ) throws(LabError) {
    try left.change { (route) throws(NetlinkError) in
      try route.addVethPair(
        InterfaceNumber.next(leftInterface), peer: InterfaceNumber.next(rightInterface),
        in: right.namespace)
      try route.changeInterface(leftInterface, isUp: true, mtu: mtu)
    }
    try right.change { (route) throws(NetlinkError) in
      try route.changeInterface(rightInterface, isUp: true, mtu: mtu)
    }
    for (node, interface) in [(left, leftInterface), (right, rightInterface)] {
      try node.waitUntilRunning(interface)
      guard !impairment.isNone else { continue }
      let what = "make packets that leave \(node.name) by \(interface) late or lost"
      try node.change(what, needing: "netem (module sch_netem)") { (route) throws(NetlinkError) in
        try route.impair(interface, impairment)
      }
    }
  }

  func waitUntilRunning(_ interface: String) throws(LabError) {
    try wait("bring up \(interface)") { (route) throws(NetlinkError) in
      try route.isRunning(interface)
    }
  }

  /// Waits, for some seconds at most, until the network of the node is as it is to be.
  private func wait(
    _ what: String, until isSo: (inout RouteConnection) throws(NetlinkError) -> Bool
  ) throws(LabError) {
    var isDone = false
    try change { (route) throws(NetlinkError) in
      for _ in 0..<3_000 {
        isDone = try isSo(&route)
        if isDone { break }
        usleep(1_000)
      }
    }
    if !isDone { throw .system("\(what) of \(name)", .timedOut) }
  }

  /// Runs `body` in the node's namespace, on a thread of its own. A socket opened there stays
  /// there.
  public func run<Value: Sendable & ~Copyable>(
    _ body: @escaping @Sendable () throws(LabError) -> Value
  ) throws(LabError) -> Value {
    let result = try attempt("enter \(name)") { () throws(NetlinkError) in
      try namespace.run { () -> Result<Value, LabError> in
        do throws(LabError) { return .success(try body()) } catch { return .failure(error) }
      }
    }
    return try result.get()
  }

  func change(
    _ what: String? = nil, needing feature: String? = nil,
    _ body: (inout RouteConnection) throws(NetlinkError) -> Void
  ) throws(LabError) {
    let what = what ?? "set up the network of \(name)"
    try attempt(what, needing: feature) { () throws(NetlinkError) in
      var route = try RouteConnection(in: namespace)
      try body(&route)
    }
  }
}

/// Words a netlink error.
///
/// - Parameters:
///   - what: What is being done.
///   - feature: What kernels may lack that it takes.
func attempt<Value: ~Copyable>(
  _ what: String, needing feature: String? = nil, _ body: () throws(NetlinkError) -> Value
) throws(LabError) -> Value {
  do throws(NetlinkError) { return try body() } catch {
    if let feature, error.isOfUnknownKind { throw .notInThisKernel(what, lacking: feature) }
    throw .netlink(what, error)
  }
}

extension NetlinkError {
  /// Whether the kernel does not know what it was asked for. A kind of queue or rule that it does not
  /// have is a file that is not there.
  fileprivate var isOfUnknownKind: Bool {
    switch self {
    case .refused(let refusal):
      [.noSuchFile, .operationNotSupported].contains(refusal.errno)
    case .system(.open, .protocolNotSupported): true
    default: false
    }
  }
}

private func writeFile(_ path: String, _ text: String) throws(LabError) {
  // Sound: each buffer outlives the call it is lent to.
  let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .system("open \(path)", .current) }
  defer { close(descriptor) }
  let bytes = Array(text.utf8)
  guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else {
    throw .system("write \(path)", .current)
  }
}

/// Interface numbers that are unique within this process.
///
/// The kernel tells a cable from an interface of its own by the ends' different numbers. Two ends
/// in two namespaces may get the same one; it then takes up to a second until the link is ready.
private enum InterfaceNumber {
  private static let last = Atomic<Int32>(1_000)

  static func next(_ name: String) -> InterfaceName {
    InterfaceName(name, index: last.add(1, ordering: .relaxed).newValue)
  }
}
