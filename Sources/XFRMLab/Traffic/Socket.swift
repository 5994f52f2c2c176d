internal import CNetlink
internal import Glibc
internal import XFRMKit

/// An IP socket, in the namespace it was opened in.
struct Socket: ~Copyable, Sendable {
  let descriptor: Int32

  /// `SOCK_…`
  enum Kind {
    case stream
    case datagram
    case raw

    fileprivate var number: Int32 {
      switch self {
      case .stream: Int32(CNL_SOCK_STREAM)
      case .datagram: Int32(CNL_SOCK_DGRAM)
      case .raw: Int32(CNL_SOCK_RAW)
      }
    }
  }

  /// Opens a close-on-exec socket that never blocks.
  init(_ family: AddressFamily, _ kind: Kind, proto: Int32 = 0) throws(LabError) {
    let flags = Int32(CNL_SOCK_CLOEXEC | CNL_SOCK_NONBLOCK)
    descriptor = socket(Int32(family.rawValue), kind.number | flags, proto)
    guard descriptor >= 0 else { throw .system("open a socket", .current) }
  }

  private init(accepted descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  borrowing func setOption(_ level: Int32, _ option: Int32, _ value: Int32) throws(LabError) {
    try setOption(level, option, to: value)
  }

  /// Makes the connection end with its socket, by a reset, and with it what has not arrived. The
  /// kernel would go on with it otherwise, and keep its namespace for that long.
  borrowing func endWithSocket() throws(LabError) {
    try setOption(SOL_SOCKET, SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
  }

  private borrowing func setOption<Value: BitwiseCopyable>(
    _ level: Int32, _ option: Int32, to value: Value
  ) throws(LabError) {
    var value = value
    // Sound: the option's value outlives the call.
    let result = unsafe setsockopt(
      descriptor, level, option, &value, socklen_t(MemoryLayout<Value>.size))
    guard result == 0 else { throw .system("set socket option \(option)", .current) }
  }

  /// An option's value, `nil` if there is none to be had.
  borrowing func option(_ level: Int32, _ option: Int32) -> Int32? {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    // Sound: value and length outlive the call, and the length is the value's.
    let result = unsafe getsockopt(descriptor, level, option, &value, &length)
    return result == 0 ? value : nil
  }

  borrowing func bind(_ address: IPAddress, port: UInt16 = 0) throws(LabError) {
    // A child process that is just being started has a copy of every socket for a moment, of one that
    // is closed here as well.
    for attempt in 1... {
      // Sound: the address outlives the call and comes with its own size.
      let result = unsafe address.withSocketAddress(port: port) {
        unsafe Glibc.bind(descriptor, $0, $1)
      }
      if result == 0 { return }
      let errno = SystemErrno.current
      guard errno == SystemErrno(EADDRINUSE), attempt < 100 else {
        throw .system("bind to \(address) port \(port)", errno)
      }
      usleep(10_000)
    }
  }

  /// Names the peer. A stream starts to connect; its first write tells how that went.
  borrowing func connect(_ address: IPAddress, port: UInt16) throws(LabError) {
    // Sound: the address outlives the call and comes with its own size.
    let result = unsafe address.withSocketAddress(port: port) {
      unsafe Glibc.connect(descriptor, $0, $1)
    }
    guard result == 0 || errno == EINPROGRESS else {
      throw .system("connect to \(address) port \(port)", .current)
    }
  }

  borrowing func listen() throws(LabError) {
    guard Glibc.listen(descriptor, 1) == 0 else { throw .system("listen", .current) }
  }

  /// The connection that is waiting, if one is.
  borrowing func accept() -> Socket? {
    let accepted = Glibc.accept(descriptor, nil, nil)
    guard accepted >= 0 else { return nil }
    _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
    return Socket(accepted: accepted)
  }

  /// Sends what it can of `bytes`; how much, or why nothing.
  borrowing func send(_ bytes: Span<UInt8>) -> Result<Int, SystemErrno> {
    // Sound: the bytes outlive the call.
    let sent = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    return sent >= 0 ? .success(sent) : .failure(.current)
  }

  /// Sends a datagram to somebody; how much of it, or why nothing.
  borrowing func send(
    _ bytes: Span<UInt8>, to address: IPAddress, port: UInt16
  ) -> Result<Int, SystemErrno> {
    // Sound: bytes and address outlive the call, and the address comes with its own size.
    let sent = unsafe bytes.withUnsafeBytes { bytes in
      unsafe address.withSocketAddress(port: port) {
        unsafe sendto(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
      }
    }
    return sent >= 0 ? .success(sent) : .failure(.current)
  }

  /// Receives into `buffer` what has come; how much, or why nothing.
  borrowing func receive(into buffer: inout [UInt8]) -> Result<Int, SystemErrno> {
    // Sound: the buffer outlives the call.
    let received = unsafe buffer.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
    }
    return received >= 0 ? .success(received) : .failure(.current)
  }

  /// Waits until there is something to receive.
  borrowing func waitToReceive(milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) == 1
  }

  /// Waits until there is something to receive here or room to send there.
  static func wait(
    toReceive receiver: borrowing Socket, orToSend sender: borrowing Socket, milliseconds: Int32
  ) -> Bool {
    var entries = [
      pollfd(fd: receiver.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: sender.descriptor, events: Int16(POLLOUT), revents: 0),
    ]
    return unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0
  }
}

extension IPAddress {
  /// Lends the address as `sockaddr_in` or `sockaddr_in6`.
  fileprivate func withSocketAddress<R>(
    port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R
  ) -> R {
    // Sound: each struct is passed with its own size and outlives the call.
    switch self {
    case .v4(let bits):
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = bits.bigEndian
      return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .v6(let high, let low):
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      unsafe address.sin6_addr = unsafeBitCast((high.bigEndian, low.bigEndian), to: in6_addr.self)
      return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }
}
