public import XFRMKit

/// Who talks to whom.
public struct Flow: Sendable {
  public var sender: Node
  public var source: IPAddress
  public var receiver: Node
  public var destination: IPAddress

  public init(
    from sender: Node, _ source: IPAddress, to receiver: Node, _ destination: IPAddress
  ) {
    self.sender = sender
    self.source = source
    self.receiver = receiver
    self.destination = destination
  }

  public var reversed: Flow { Flow(from: receiver, destination, to: sender, source) }

  public var family: AddressFamily { destination.family }
}
