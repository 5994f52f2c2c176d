internal import XFRMKit

/// What would have to be otherwise for a template to take an SA.
struct Mending {
  /// The first of it; `nil` if it is too much to have been meant.
  private(set) var first: CauseID?

  private var template: Template
  private var policy: Policy
  private var association: SecurityAssociation
  private let packet: PacketFlow
  private let wasTunnel: Bool

  init(
    _ template: Template, _ policy: Policy, _ association: SecurityAssociation,
    _ packet: PacketFlow
  ) {
    self.template = template
    self.policy = policy
    self.association = association
    self.packet = packet
    wasTunnel = template.mode.hasOuterAddresses
    // Another address and another request ID are those of another peer.
    var left = 3
    while let mismatch {
      guard let (id, cost) = mend(mismatch), cost <= left else {
        first = nil
        return
      }
      left -= cost
      if first == nil { first = id }
    }
  }

  private var mismatch: AssociationMismatch? {
    let ends =
      wasTunnel
      ? LookupEnds(source: template.source, destination: template.destination)
      : LookupEnds(of: template) ?? LookupEnds(of: packet)
    return association.mismatch(with: template, of: policy, between: ends, for: packet)
  }

  private mutating func mend(_ mismatch: AssociationMismatch) -> (CauseID, Int)? {
    switch mismatch {
    case .requestID:
      template.requestID = association.requestID
      return (.requestID, 2)
    case .destination where template.destination != association.destination:
      template.destination = association.destination
      return (.templateAddress, 2)
    case .source where template.source != association.source:
      template.source = association.source
      return (.templateAddress, 2)
    case .mode:
      template.mode = association.mode
      return (.mode, 1)
    case .spi:
      template.spi = 0
      return (.templateSPI, 1)
    case .mark:
      association.mark = nil
      return (.mark, 1)
    case .interfaceID:
      policy.interfaceID = association.interfaceID
      return (.interfaceIDMismatch, 1)
    case .selector:
      association.selector = .unrestricted
      return (.selector, 1)
    case .proto, .family, .destination, .source, .wildcard, .larval:
      return nil
    }
  }
}
