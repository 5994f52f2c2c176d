/// Something to ask of the kernel.
public protocol NetlinkRequest {
  var messageType: MessageType { get }
  /// Flags beyond those that the way of asking implies.
  var messageFlags: MessageFlags { get }
  /// Writes what follows the header.
  func encode(into message: inout MessageBuilder)
}

extension NetlinkRequest {
  public var messageFlags: MessageFlags { [] }
}

extension MessageBuilder {
  /// Appends a request, numbered `sequence`.
  ///
  /// - Parameter port: Of the socket that asks. Most answers have it without being told, but
  ///   `XFRM_MSG_GETAE` and announcements repeat what the request says.
  public mutating func append(
    _ request: some NetlinkRequest, flags: MessageFlags = [], sequence: UInt32 = 0,
    port: UInt32 = 0
  ) {
    append(
      request.messageType, flags: request.messageFlags.union(flags).union(.request),
      sequence: sequence, port: port
    ) { request.encode(into: &$0) }
  }
}
