public import XFRMKit

/// A network to be built in a lab: machines, links between them, and tunnels over those.
///
/// It is a value: presets make it, a file says it (``LabFile``), a graph shows it, and ``Lab`` builds
/// it.
public struct Topology: Hashable, Sendable {
  /// What a lab of it is called if nobody says otherwise.
  public var name: String
  public var machines: [Machine]
  public var links: [Link]
  public var tunnels: [Tunnel]

  /// A network of these parts.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - machines: Its nodes; names are unique.
  ///   - links: The cables between them.
  ///   - tunnels: What is protected.
  public init(
    _ name: String, machines: [Machine] = [], links: [Link] = [], tunnels: [Tunnel] = []
  ) {
    self.name = name
    self.machines = machines
    self.links = links
    self.tunnels = tunnels
  }

  /// A node of a network, as it is to be.
  public struct Machine: Hashable, Sendable {
    /// Unique in its network.
    public var name: String
    /// Whether it passes on what is for others: it is a router.
    public var forwards: Bool
    /// Interfaces whose address is put in the place of a sender's (NAT).
    public var masqueraded: [String] = []
    /// Addresses that do not depend on a link: those of its loopback interface.
    public var addresses: [IPPrefix]
    public var routes: [Route]
    public var virtualRouters: [VirtualRouter] = []
    public var xfrmInterfaces: [XFRMInterface] = []

    /// A host, or a router.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - forwards: Whether it is a router.
    ///   - addresses: Those of its loopback interface.
    ///   - routes: Where what is not on its links goes.
    public init(
      _ name: String, forwards: Bool = false, addresses: [IPPrefix] = [], routes: [Route] = []
    ) {
      self.name = name
      self.forwards = forwards
      self.addresses = addresses
      self.routes = routes
    }
  }

  /// Where packets to a network go.
  public struct Route: Hashable, Sendable {
    public var destination: IPPrefix
    /// The next hop; `nil` for what is right behind the interface.
    public var gateway: IPAddress?
    /// The interface; `nil` for the one that the gateway is behind.
    public var interface: String?
    /// The table of a virtual router; 0 for the main one.
    public var table: UInt32

    /// A route through a gateway, an interface or both.
    ///
    /// - Parameters:
    ///   - destination: Where it leads.
    ///   - gateway: The next hop.
    ///   - interface: The interface that it leaves by.
    ///   - table: Which table it is in.
    public init(
      to destination: IPPrefix, via gateway: IPAddress? = nil, interface: String? = nil,
      table: UInt32 = 0
    ) {
      self.destination = destination
      self.gateway = gateway
      self.interface = interface
      self.table = table
    }
  }

  /// A routing table of its own for some interfaces (VRF).
  public struct VirtualRouter: Hashable, Sendable {
    public var name: String
    public var table: UInt32
    public var interfaces: [String]

    /// One for some interfaces.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - table: The number of its routing table.
    ///   - interfaces: Those that are under it.
    public init(_ name: String, table: UInt32, interfaces: [String]) {
      self.name = name
      self.table = table
      self.interfaces = interfaces
    }
  }

  /// An interface through which packets go to the policies and SAs of its ID.
  public struct XFRMInterface: Hashable, Sendable {
    public var name: String
    public var id: UInt32
    public var addresses: [IPPrefix]

    /// One for an ID.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - id: Its `if_id`, which tunnels name.
    ///   - addresses: Those that it has.
    public init(_ name: String, id: UInt32, addresses: [IPPrefix] = []) {
      self.name = name
      self.id = id
      self.addresses = addresses
    }
  }

  /// The machine of a name.
  ///
  /// - Parameter name: What it is called.
  public subscript(name: String) -> Machine? { machines.first { $0.name == name } }

  /// The addresses of a machine, its own before those of its links.
  ///
  /// - Parameter machine: What it is called.
  public func addresses(of machine: String) -> [IPAddress] {
    let ends = links.flatMap(\.ends).filter { $0.machine == machine }
    return ((self[machine]?.addresses ?? []) + ends.flatMap(\.addresses)).map(\.address)
  }
}
