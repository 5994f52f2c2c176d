internal import CInterposition

/// Something that goes wrong between a netlink socket and the kernel.
///
/// It stands between the product and the C library, on the calling thread only.
public final class Interference {
  /// A call that may fail as a whole.
  public enum Call: UInt32, CaseIterable, Sendable {
    case socket
    case bind
    case getsockname
    case setsockopt
    case getsockopt
  }

  /// What a receive brings.
  public enum Delivery: Sendable {
    case datagram([UInt8], sender: UInt32 = 0)
    /// A datagram of so many bytes more than there is room for.
    case oversized(by: Int)
    /// Nothing, but a wait brings what comes next.
    case pause
    case failure(Int32)
  }

  /// Errors of the next sends, receives and waits, one for each; 0 lets one pass.
  public var sendErrors: [Int32] = []
  public var receiveErrors: [Int32] = []
  public var waitErrors: [Int32] = []
  /// What every call of a kind fails with.
  public var callErrors: [Call: Int32] = [:]
  /// Answers a datagram of requests in the kernel's place, which does not get it.
  public var answer: ((_ requests: [NetlinkBytes], _ port: UInt32) -> [Delivery])?
  /// What becomes of the messages that the kernel answers with.
  public var alter: ((_ messages: [NetlinkBytes]) -> [Delivery])?
  /// How many of the kernel's datagrams make up its answer.
  public var datagramLimit = Int.max
  /// Comes whenever nothing else does.
  public var flood: Delivery?
  /// What every wait fails with.
  public var endlessWaitError: Int32?
  /// Comes once the next request has been sent, before its answer.
  public var late: [Delivery] = []
  /// Whether a wait for what will not come takes its time; else it is over at once, and counted.
  public var takesTime = false

  /// How long the product was ready to wait for what did not come.
  public private(set) var millisecondsWaited = 0
  /// How many datagrams of requests were sent.
  public private(set) var sendCount = 0
  /// What comes next. What is left of it was not received.
  public var deliveries: [Delivery] = []
  private var isAnswerAwaited = false

  public init() {}

  /// Runs `body`, whose netlink calls meet this interference.
  public func during<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Sound: the hooks and self outlive the body, and go back to none after it.
    var hooks = unsafe cni_hooks(
      context: Unmanaged.passUnretained(self).toOpaque(),
      call: { context, call in
        unsafe Interference.behind(context).call(call.rawValue)
      },
      send: { context, descriptor, bytes, count in
        unsafe Interference.behind(context).send(
          descriptor, UnsafeRawBufferPointer(start: bytes, count: count))
      },
      receive: { context, descriptor, bytes, capacity, sender in
        unsafe Interference.behind(context).receive(
          descriptor, UnsafeMutableRawBufferPointer(start: bytes, count: capacity), sender)
      },
      wait: { context, descriptor, milliseconds in
        unsafe Interference.behind(context).wait(descriptor, milliseconds)
      })
    return try unsafe withUnsafePointer(to: &hooks) { (pointer) throws(Failure) in
      unsafe cni_set_hooks(pointer)
      defer { cni_set_hooks(nil) }
      return try body()
    }
  }

  private static func behind(_ context: UnsafeMutableRawPointer?) -> Interference {
    guard let context = unsafe context else { preconditionFailure("no context") }
    return unsafe Unmanaged<Interference>.fromOpaque(context).takeUnretainedValue()
  }

  /// Puts bytes of some other process into the queue of a socket of the calling thread's network
  /// namespace.
  public static func talk(to port: UInt32, _ protocolNumber: Int32, _ bytes: [UInt8]) -> Bool {
    // Sound: the bytes outlive the call.
    unsafe bytes.withUnsafeBytes {
      unsafe cni_talk_to(protocolNumber, port, $0.baseAddress, $0.count) == 0
    }
  }

  // MARK: Calls

  private func call(_ number: UInt32) -> Int32 {
    Call(rawValue: number).flatMap { callErrors[$0] }.map { -$0 } ?? 0
  }

  private func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    if let errno = Self.next(&sendErrors) { return Int(-errno) }
    sendCount += 1
    deliveries += late
    late = []
    if let answer {
      deliveries += answer(NetlinkBytes.split(unsafe Array(bytes)), cni_port(descriptor))
      return bytes.count
    }
    isAnswerAwaited = true
    return unsafe cni_send(descriptor, bytes.baseAddress, bytes.count)
  }

  private func receive(
    _ descriptor: Int32, _ space: UnsafeMutableRawBufferPointer,
    _ sender: UnsafeMutablePointer<UInt32>?
  ) -> Int {
    if let errno = Self.next(&receiveErrors) { return Int(-errno) }
    guard answer != nil || alter != nil || flood != nil || !deliveries.isEmpty else {
      return unsafe cni_receive(descriptor, space.baseAddress, space.count, sender)
    }
    if isAnswerAwaited {
      isAnswerAwaited = false
      let messages = everything(descriptor)
      deliveries += alter?(messages) ?? messages.map { .datagram($0.bytes) }
    }
    switch deliveries.isEmpty ? flood : deliveries.removeFirst() {
    case .datagram(let bytes, let port):
      unsafe sender?.pointee = port
      unsafe space.copyBytes(from: bytes.prefix(space.count))
      return bytes.count
    case .oversized(let excess): return space.count + excess
    case .failure(let errno): return Int(-errno)
    case .pause, nil: return Int(-Self.again)
    }
  }

  private func wait(_ descriptor: Int32, _ milliseconds: Int32) -> Int32 {
    if let errno = endlessWaitError ?? Self.next(&waitErrors) { return -errno }
    if !deliveries.isEmpty || flood != nil { return 1 }
    if takesTime || answer == nil && alter == nil { return cni_wait(descriptor, milliseconds) }
    millisecondsWaited += Int(milliseconds)
    return 0
  }

  /// What the kernel has to say, to the end of a dump.
  private func everything(_ descriptor: Int32) -> [NetlinkBytes] {
    var messages: [NetlinkBytes] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    for _ in 0..<datagramLimit {
      var sender: UInt32 = 0
      let length = unsafe cni_receive(descriptor, &buffer, buffer.count, &sender)
      guard length >= 0 else { break }
      messages += NetlinkBytes.split(Array(buffer.prefix(length)))
    }
    return messages
  }

  private static func next(_ errors: inout [Int32]) -> Int32? {
    guard !errors.isEmpty else { return nil }
    let errno = errors.removeFirst()
    return errno == 0 ? nil : errno
  }

  /// `EAGAIN`
  private static let again: Int32 = 11
}
