import Testing

@testable import XFRMKit

/// Everything that can be asked of an XFRMClient, one of each kind.
enum Request: CaseIterable, CustomTestStringConvertible {
  case addAssociation, updateAssociation, deleteAssociation, flushAssociations
  case addPolicy, updatePolicy, deletePolicy, flushPolicies
  case expireAssociation, expirePolicy, setCheckpoint, migrate, acquire
  case setDefaultActions, setHashThresholds
  case association, associations, allocateSPI, checkpoint, policy, policies
  case sadInfo, spdInfo, defaultActions

  /// What kind of request an operation is. A new one does not compile before it has one.
  init(_ operation: XFRMKit.Operation) {
    self =
      switch operation {
      case .addAssociation: .addAssociation
      case .updateAssociation: .updateAssociation
      case .deleteAssociation: .deleteAssociation
      case .flushAssociations: .flushAssociations
      case .addPolicy: .addPolicy
      case .updatePolicy: .updatePolicy
      case .deletePolicy: .deletePolicy
      case .flushPolicies: .flushPolicies
      case .expireAssociation: .expireAssociation
      case .expirePolicy: .expirePolicy
      case .setCheckpoint: .setCheckpoint
      case .migrate: .migrate
      case .acquire: .acquire
      case .setDefaultActions: .setDefaultActions
      case .setHashThresholds: .setHashThresholds
      }
  }

  /// What kind of request a query is.
  init(_ query: Query) {
    self =
      switch query {
      case .association: .association
      case .associations: .associations
      case .allocateSPI: .allocateSPI
      case .checkpoint: .checkpoint
      case .policy: .policy
      case .policies: .policies
      case .sadInfo: .sadInfo
      case .spdInfo: .spdInfo
      case .defaultActions: .defaultActions
      }
  }

  /// How it is answered when all goes well.
  enum Answer {
    case acknowledgement
    case message
    case dump
  }

  var answer: Answer {
    switch self {
    case .associations, .policies: .dump
    case .association, .allocateSPI, .checkpoint, .policy, .sadInfo, .spdInfo, .defaultActions:
      .message
    default: .acknowledgement
    }
  }

  /// Whether it is about an SA in use.
  var needsAssociation: Bool {
    switch self {
    case .updateAssociation, .expireAssociation, .setCheckpoint, .migrate: true
    default: false
    }
  }

  var testDescription: String { String(describing: self) }

  /// What came of asking.
  enum Outcome: Equatable {
    /// And what was answered.
    case done(String)
    case failed(NetlinkError)
  }

  /// The change that it asks for, if it does; none of them can be refused for what is there.
  var operation: XFRMKit.Operation? {
    switch self {
    case .addAssociation: .addAssociation(Sample.association(spi: 0x3000))
    case .updateAssociation: .updateAssociation(Sample.association(spi: Sample.spi))
    case .deleteAssociation: .deleteAssociation(Sample.larval)
    case .flushAssociations: .flushAssociations(.any)
    case .addPolicy: .addPolicy(Sample.policy(.incoming))
    case .updatePolicy: .updatePolicy(Sample.policy(.outgoing))
    case .deletePolicy: .deletePolicy(Sample.policy(.outgoing).key)
    case .flushPolicies: .flushPolicies(.main)
    case .expireAssociation: .expireAssociation(Sample.target, isHard: true)
    case .expirePolicy: .expirePolicy(Sample.policy(.outgoing).key, isHard: true)
    case .setCheckpoint: .setCheckpoint(Sample.checkpoint)
    case .migrate: .migrate(Sample.migration)
    case .acquire: .acquire(Sample.acquire)
    case .setDefaultActions: .setDefaultActions(DefaultActions(forwarded: .block))
    case .setHashThresholds:
      .setHashThresholds(ipv4: SPDInfo.HashThreshold(local: 24, remote: 24), ipv6: nil)
    case .association, .associations, .allocateSPI, .checkpoint, .policy, .policies, .sadInfo,
      .spdInfo, .defaultActions:
      nil
    }
  }

  /// Asks it.
  func perform(_ client: inout XFRMClient) -> Outcome {
    do throws(XFRMError) {
      guard let operation else { return .done(try ask(&client)) }
      try client.perform(operation)
      return .done("")
    } catch {
      return .failed(error.failure)
    }
  }

  private func ask(_ client: inout XFRMClient) throws(XFRMError) -> String {
    switch self {
    case .association: "\(try client.association(Sample.larval).id)"
    case .associations: "\(try client.associations().map(\.id))"
    case .allocateSPI: "\(try client.allocateSPI(Sample.spiRequest(0x4000)).id)"
    case .checkpoint: "\(try client.checkpoint(of: Sample.larval).id)"
    case .policy: "\(try client.policy(Sample.policy(.outgoing).key).key)"
    case .policies: "\(try client.policies().map(\.key))"
    case .sadInfo: "\(try client.sadInfo())"
    case .spdInfo: "\(try client.spdInfo())"
    case .defaultActions: "\(try client.defaultActions())"
    default: preconditionFailure("\(self) is no question")
    }
  }
}

/// What the requests are about.
enum Sample {
  /// A connection to the databases of a namespace that the tests of disturbances share, as a guest
  /// takes its time to make one.
  static func client() throws -> XFRMClient { try XFRMClient(in: try namespace.get()) }
  private static let namespace = Result { try NetworkNamespace.create() }

  static let spi: SPI = 0x1000
  private static let here = IPAddress.v4(0xc000_0201)
  private static let there = IPAddress.v4(0xc000_0202)

  /// An SA without keys that waits for them, which any kernel can have.
  static let larval = SecurityAssociationID(destination: there, spi: 0x2000)

  /// An SA in use where the kernel can have one.
  static let target = Bed.hasESP ? association(spi: spi).id : larval

  static func association(spi: SPI) -> SecurityAssociation {
    var association = SecurityAssociation(from: here, to: there, spi: spi, mode: .tunnel)
    association.requestID = 7
    ESPProposal.aes256gcm16.protect(&association)
    return association
  }

  static func spiRequest(_ number: UInt32) -> SPIRequest {
    SPIRequest(from: here, to: there, mode: .tunnel, range: number...number)
  }

  static func policy(_ direction: Policy.Direction, number: UInt32 = 0) -> Policy {
    Policy(
      Selector(from: IPPrefix(.v4(0x0a00_0000 + number)), to: IPPrefix(.v4(0x0b00_0000))),
      direction: direction,
      templates: [Template(from: here, to: there, mode: .tunnel, requestID: 7)])
  }

  static let checkpoint: AssociationCheckpoint = {
    var checkpoint = AssociationCheckpoint(target)
    checkpoint.packets = 5
    return checkpoint
  }()

  static let acquire = Acquire(
    from: here, to: there, selector: policy(.outgoing).selector, policy: policy(.outgoing))

  static let migration = Migration(
    policy(.outgoing).selector, direction: .outgoing,
    entries: [
      Migration.Entry(
        from: Migration.Entry.Endpoints(from: here, to: there),
        to: Migration.Entry.Endpoints(from: here, to: .v4(0xc000_0203)), mode: .tunnel,
        requestID: 7)
    ])

  /// Makes the databases hold a policy, a larval SA and, if the request needs it and the kernel can
  /// have it, an SA: a guest takes its time for its cipher.
  static func prepare(_ client: inout XFRMClient, for request: Request) throws(XFRMError) {
    try client.flushAssociations()
    try client.flushPolicies()
    try client.add(policy(.outgoing))
    if request.needsAssociation, Bed.hasESP { try client.add(association(spi: spi)) }
    _ = try client.allocateSPI(spiRequest(larval.spi.rawValue))
  }
}
