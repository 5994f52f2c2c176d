/// Hears what the kernel announces about its IPsec databases, and waits for it: ``XFRMEvents`` for
/// programs that do nothing else meanwhile. What it misses is for the caller to make good.
public struct XFRMMonitor: ~Copyable, Sendable {
  private var monitor: NetlinkMonitor

  /// Begins to hear announcements.
  ///
  /// - Parameters:
  ///   - groups: What to hear; those beyond the eight that there are mean nothing.
  ///   - namespace: Where; the calling thread's network namespace if `nil`.
  ///   - bufferBytes: How much the kernel may queue; `nil` leaves the system's default.
  ///   - hearsAllNamespaces: Hears those of other namespaces, too, that have a number in this one.
  public init(
    of groups: EventGroups = .changes, in namespace: NetworkNamespace? = nil,
    bufferBytes: Int32? = nil, hearsAllNamespaces: Bool = false
  ) throws(XFRMError) {
    do throws(NetlinkError) {
      monitor = try NetlinkMonitor(
        .xfrm, groups: groups.intersection(.all).numbers, in: namespace, bufferBytes: bufferBytes,
        hearsAllNamespaces: hearsAllNamespaces)
    } catch {
      throw XFRMError("listen to the kernel's IPsec announcements", error)
    }
  }

  /// Which network namespace the announcements heard last were about, by the kernel's number for
  /// it; `nil` for the monitor's own.
  public var namespaceID: Int32? { monitor.namespaceID }

  /// Waits for announcements and hands each to `body`, with the message that it came in; `false` if
  /// none came in time.
  ///
  /// - Parameters:
  ///   - milliseconds: How long to wait; for ever if negative.
  ///   - body: Takes an announcement. The message is only lent.
  /// - Throws: ``/Netlink/NetlinkError/overrun`` as the failure when announcements were lost; the
  ///   next call goes on.
  ///
  ///   After an overrun the kernel queues nothing, and tells of no other, until the queue was empty
  ///   once. So call this with 0 milliseconds until nothing comes, and only then list anew what was
  ///   missed.
  public mutating func next(
    milliseconds: Int32 = -1, _ body: (XFRMEvent, borrowing NetlinkMessage) -> Void
  ) throws(XFRMError) -> Bool {
    do throws(NetlinkError) {
      return try monitor.next(milliseconds: milliseconds) { (message) throws(MalformedMessage) in
        body(try XFRMEvent(message), message)
      }
    } catch {
      throw XFRMError("hear the kernel's IPsec announcements", error)
    }
  }
}
