internal import CNetlink

/// A kernel netlink family.
public struct NetlinkFamily: OpenEnumeration {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static var route: Self { Self(rawValue: NETLINK_ROUTE) }
  public static var xfrm: Self { Self(rawValue: NETLINK_XFRM) }
}

/// An open netlink socket, libmnl's. Dropping the value closes it.
///
/// It belongs to the network namespace in which it was opened, wherever it is used.
@safe struct NetlinkSocket: ~Copyable {
  private let socket: OpaquePointer
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
    guard let namespace else { return try NetlinkSocket(family) }
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

  /// Asks for buffers of `bytes` and returns the receive buffer's size as the kernel counts it.
  borrowing func setBuffers(_ bytes: Int32) throws(NetlinkError) -> Int {
    let result = unsafe cnl_set_buffers(socket, bytes)
    guard result >= 0 else { throw .system(.configure, SystemErrno(-result)) }
    return Int(result)
  }

  borrowing func setReceiveTimeout(milliseconds: Int32) throws(NetlinkError) {
    let result = unsafe cnl_set_receive_timeout(socket, milliseconds)
    guard result >= 0 else { throw .system(.configure, SystemErrno(-result)) }
  }

  /// Waits until a datagram is there to receive; `false` once time is up.
  borrowing func wait(milliseconds: Int32) throws(NetlinkError) -> Bool {
    let result = cnl_wait(descriptor, milliseconds)
    guard result >= 0 else { throw .system(.receive, SystemErrno(-result)) }
    return result == 1
  }

  /// Waits for a datagram from the kernel, unless told to take only what is there, and puts it
  /// into `buffer`.
  borrowing func receive(
    into buffer: inout WipedBuffer, waiting: Bool = true
  ) throws(NetlinkError) {
    var length = 0
    var capacity = 0
    unsafe buffer.refill { space in
      capacity = space.count
      var sender: UInt32 = 0
      // Anything not from the kernel's port is another process talking out of turn.
      repeat {
        length = unsafe cnl_receive(
          socket, space.baseAddress, space.count, waiting ? 1 : 0, &sender)
      } while length >= 0 && sender != 0
      return max(length, 0)
    }
    switch SystemErrno(Int32(clamping: -length)) {
    case _ where length >= 0: break
    case .noBufferSpace: throw .overrun
    case .again: throw .timedOut
    case let errno: throw .system(.receive, errno)
    }
    guard length <= capacity else { throw .truncated(length: length, capacity: capacity) }
  }
}

// Sound: every call on the socket is a single system call, which the kernel serialises; libmnl's
// struct is written by opening only.
extension NetlinkSocket: @unchecked Sendable {}
