internal import CNetlink

/// A kernel netlink family.
public struct NetlinkFamily: OpenEnumeration {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `NETLINK_ROUTE`: interfaces, addresses, routes.
  public static var route: Self { Self(rawValue: NETLINK_ROUTE) }
  /// `NETLINK_NETFILTER`: the packet filter.
  public static var netfilter: Self { Self(rawValue: NETLINK_NETFILTER) }
  /// `NETLINK_XFRM`: IPsec.
  public static var xfrm: Self { Self(rawValue: NETLINK_XFRM) }
}

/// An open netlink socket, libmnl's. Dropping the value closes it.
///
/// It belongs to the network namespace in which it was opened, wherever it is used.
@safe struct NetlinkSocket: ~Copyable, Sendable {
  // nonisolated(unsafe) because a pointer is never Sendable, and a connection is moved between
  // threads. Sound: the value cannot be copied, so that libmnl's struct has one owner and is freed
  // once. It is written by opening only; every call after that is one system call, which the kernel
  // serialises.
  nonisolated(unsafe) private let socket: OpaquePointer
  /// The address the kernel gave this socket.
  let port: UInt32

  init(_ family: NetlinkFamily) throws(NetlinkError) {
    var opened: OpaquePointer?
    let result = unsafe cnl_open(family.rawValue, &opened)
    guard result >= 0, let socket = unsafe opened else {
      throw .system(.open, SystemErrno(-result))
    }
    unsafe self.socket = socket
    port = unsafe mnl_socket_get_portid(socket)
  }

  /// Opens a socket in a network namespace, the calling thread's if `nil`.
  static func open(
    _ family: NetlinkFamily, in namespace: NetworkNamespace?
  ) throws(NetlinkError) -> NetlinkSocket {
    // To enter a namespace takes more privileges than to be in it.
    guard let namespace, !namespace.isCurrent else { return try NetlinkSocket(family) }
    return try namespace.run { () throws(NetlinkError) in try NetlinkSocket(family) }
  }

  /// The kernel fills a dump's datagrams up to 32 KiB; a single large reply may be longer.
  static var datagramCapacity: Int { 64 * 1024 }

  deinit { unsafe mnl_socket_close(socket) }

  var descriptor: Int32 { unsafe mnl_socket_get_fd(socket) }

  borrowing func send(_ bytes: Span<UInt8>) throws(NetlinkError) {
    let sent = unsafe bytes.withUnsafeBytes {
      unsafe cnl_send(socket, $0.baseAddress, $0.count)
    }
    guard sent >= 0 else { throw .system(.send, SystemErrno(Int32(-sent))) }
  }

  borrowing func join(_ group: UInt32) throws(NetlinkError) {
    let result = unsafe cnl_set_option(socket, NETLINK_ADD_MEMBERSHIP, group)
    guard result >= 0 else { throw .system(.join, SystemErrno(-result)) }
  }

  /// Hears announcements of other network namespaces, too, those that have a number in its own.
  borrowing func hearAllNamespaces() throws(NetlinkError) {
    let result = unsafe cnl_set_option(socket, NETLINK_LISTEN_ALL_NSID, 1)
    guard result >= 0 else { throw .system(.configure, SystemErrno(-result)) }
  }

  /// Asks for buffers of `bytes` and returns the receive buffer's size as the kernel counts it.
  borrowing func setBuffers(_ bytes: Int32) throws(NetlinkError) -> Int {
    let result = unsafe cnl_set_buffers(socket, bytes)
    guard result >= 0 else { throw .system(.configure, SystemErrno(-result)) }
    return Int(result)
  }

  /// Waits until there may be a datagram; `false` once patience is over.
  borrowing func wait(_ patience: inout Patience) throws(NetlinkError) -> Bool {
    let left = patience.remaining()
    guard left != 0 else { return false }
    let result = cnl_wait(descriptor, left)
    guard result >= 0 else { throw .system(.receive, SystemErrno(-result)) }
    return result == 1
  }

  /// Puts the next datagram into `buffer`, but for the bytes of one that another process sent:
  /// that is talking out of turn. `false` if there is none.
  borrowing func receive(into buffer: inout WipedBuffer) throws(NetlinkError) -> Bool {
    var namespace: Int32 = -1
    return try receive(into: &buffer, from: &namespace)
  }

  /// The same, and tells the kernel's number for the network namespace that it is about; -1 for the
  /// socket's own.
  borrowing func receive(
    into buffer: inout WipedBuffer, from namespace: inout Int32
  ) throws(NetlinkError) -> Bool {
    var length = 0
    var capacity = 0
    unsafe buffer.refill { space in
      capacity = space.count
      var sender: UInt32 = 0
      length = unsafe cnl_receive(socket, space.baseAddress, space.count, &sender, &namespace)
      if sender != 0 { length = min(length, 0) }
      return max(length, 0)
    }
    switch SystemErrno(Int32(clamping: -length)) {
    case _ where length >= 0: break
    case .again: return false
    case .noBufferSpace: throw .overrun
    case let errno: throw .system(.receive, errno)
    }
    guard length <= capacity else { throw .truncated(length: length, capacity: capacity) }
    return true
  }
}
