/// Something to ask of the kernel.
public protocol NetlinkRequest {
  /// What is asked, by its number within the family.
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
  public mutating func append(
    _ request: some NetlinkRequest, flags: MessageFlags = [], sequence: UInt32 = 0
  ) {
    append(
      request.messageType, flags: request.messageFlags.union(flags).union(.request),
      sequence: sequence
    ) { request.encode(into: &$0) }
  }
}
