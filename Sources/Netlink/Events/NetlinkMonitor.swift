/// Hears what the kernel announces to multicast groups.
public struct NetlinkMonitor: ~Copyable, Sendable {
  private let socket: NetlinkSocket
  private var datagram: WipedBuffer
  /// Which network namespace the announcements lent last were about, by the number that the kernel
  /// has for it in the monitor's own; `nil` for that one.
  public private(set) var namespaceID: Int32?
  /// Tells when there is something to hear.
  package let readiness: Readiness

  /// Joins multicast groups.
  ///
  /// - Parameters:
  ///   - family: Whose announcements to hear.
  ///   - groups: By number; the first is 1.
  ///   - namespace: Where; the calling thread's network namespace if `nil`.
  ///   - bufferBytes: How much the kernel may queue; what exceeds it is lost and reported as
  ///     ``NetlinkError/overrun``. `nil` leaves the system's default.
  ///   - hearsAllNamespaces: Hears those of other namespaces, too, that have a number in this one
  ///     (`ip netns set`); since Linux 4.3.
  public init(
    _ family: NetlinkFamily, groups: [UInt32], in namespace: NetworkNamespace? = nil,
    bufferBytes: Int32? = nil, hearsAllNamespaces: Bool = false
  ) throws(NetlinkError) {
    let socket = try NetlinkSocket.open(family, in: namespace)
    if let bufferBytes { _ = try socket.setBuffers(bufferBytes) }
    if hearsAllNamespaces { try socket.hearAllNamespaces() }
    for group in groups { try socket.join(group) }
    readiness = try Readiness(socket.descriptor)
    self.socket = socket
    datagram = WipedBuffer(capacity: NetlinkSocket.datagramCapacity)
  }

  /// Waits for announcements and lends each to `body`; `false` if none came in time.
  ///
  /// - Parameters:
  ///   - milliseconds: How long to wait; for ever if negative.
  ///   - body: Reads one announcement, which it cannot keep.
  /// - Throws: ``NetlinkError/overrun`` when announcements were lost, ``NetlinkError/malformed(_:)``
  ///   when one could not be read, once the others were lent; the next call goes on.
  ///
  ///   After an overrun the kernel queues nothing, and tells of no other, until the queue was empty
  ///   once. So call this with 0 milliseconds until nothing comes, and only then list anew what was
  ///   missed.
  public mutating func next(
    milliseconds: Int32 = -1,
    _ body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void
  ) throws(NetlinkError) -> Bool {
    var patience = Patience(milliseconds: milliseconds)
    var namespace: Int32 = -1
    while true {
      if try socket.receive(into: &datagram, from: &namespace) {
        if datagram.count > 0 { break }
        // Another process sent that; the kernel's may be behind it.
        if milliseconds > 0, patience.remaining() == 0 { return false }
      } else if try !socket.wait(&patience) {
        return false
      }
    }
    defer { datagram.removeAll() }
    namespaceID = namespace < 0 ? nil : namespace
    var problem: MalformedMessage?
    do throws(MalformedMessage) {
      var messages = MessageReader(datagram.span)
      while let message = try messages.next() {
        do throws(MalformedMessage) { try body(message) } catch { problem = problem ?? error }
      }
    } catch {
      problem = problem ?? error
    }
    if let problem { throw .malformed(problem) }
    return true
  }
}
