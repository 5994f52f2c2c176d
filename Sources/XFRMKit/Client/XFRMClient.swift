/// The security association and policy databases of one network namespace.
///
/// Calls block, briefly: the kernel answers within the system call. Every one needs
/// `CAP_NET_ADMIN` in the user namespace that owns the network namespace.
public struct XFRMClient: ~Copyable, Sendable {
  private var connection: NetlinkConnection

  /// Connects to a network namespace, the calling thread's if `nil`. Where xfrm_user is a module
  /// this loads it.
  public init(in namespace: NetworkNamespace? = nil) throws(XFRMError) {
    do {
      connection = try NetlinkConnection(.xfrm, in: namespace)
    } catch {
      throw XFRMError("connect to the kernel's IPsec databases", error)
    }
  }

  /// What ``XFRMEvent/port`` is of changes made here.
  public var port: UInt32 { connection.port }

  // MARK: Changes

  /// Carries out one change.
  ///
  /// - Throws: What was asked, what the kernel said, and where it is known the cause. Nothing has
  ///   changed then, unless the answer got lost (``/Netlink/NetlinkError``).
  public mutating func perform(_ operation: Operation) throws(XFRMError) {
    do { try connection.execute(operation) } catch { throw XFRMError(operation, error) }
  }

  /// Carries out many changes, many to a datagram.
  ///
  /// The kernel runs those of a datagram without another netlink request in between, but it is no
  /// transaction: what was accepted before a refusal stays.
  ///
  /// - Parameters:
  ///   - operations: What to do, in order. It is laid out as it is sent.
  ///   - options: How many to a datagram, and what becomes of the rest after a refusal.
  ///   - report: Called once for each change with its number, from 0, and what became of it, as soon
  ///     as the datagram it was in has been answered.
  @inlinable
  public mutating func perform(
    _ operations: some Sequence<Operation>, options: BatchOptions = BatchOptions(),
    report: (Int, RequestOutcome) -> Void = { _, _ in }
  ) -> BatchResult {
    var unsent = operations.makeIterator()
    return perform(expecting: operations.underestimatedCount, options, report) { unsent.next() }
  }

  @usableFromInline
  mutating func perform(
    expecting count: Int, _ options: BatchOptions, _ report: (Int, RequestOutcome) -> Void,
    _ next: () -> Operation?
  ) -> BatchResult {
    var result = BatchResult()
    result.outcomes.reserveCapacity(count)
    do throws(NetlinkError) {
      try connection.perform(options: options) { number, outcome in
        result.outcomes.append(outcome)
        report(number, outcome)
      } layOutNext: { message, flags, sequence in
        guard let operation = next() else { return false }
        message.append(operation, flags: flags, sequence: sequence)
        return true
      }
    } catch {
      result.failure = XFRMError("carry out \(result.outcomes.count) changes", error)
    }
    return result
  }

  /// Adds an SA: ``Operation/addAssociation(_:)``.
  ///
  /// - Throws: ``RefusalCause/exists`` as the cause if there is one that its mark can see, a larval
  ///   one included; ``RefusalCause/noProtocol(_:_:)`` or ``RefusalCause/noAlgorithm(_:)`` if this
  ///   kernel lacks what it takes; ``RefusalCause/breach(_:)`` if it breaks a rule.
  public mutating func add(_ association: SecurityAssociation) throws(XFRMError) {
    try perform(.addAssociation(association))
  }

  /// Changes what can be changed of an SA, or completes a larval one:
  /// ``Operation/updateAssociation(_:)``. ``untaken(of:)-(SecurityAssociation)`` tells what did not
  /// change.
  ///
  /// - Throws: ``RefusalCause/missingInDirection`` as the cause if there is none, or, since Linux
  ///   6.10, one of another direction.
  public mutating func update(_ association: SecurityAssociation) throws(XFRMError) {
    try perform(.updateAssociation(association))
  }

  /// Deletes an SA.
  ///
  /// - Throws: ``RefusalCause/missing`` as the cause if there is none.
  public mutating func delete(_ id: SecurityAssociationID) throws(XFRMError) {
    try perform(.deleteAssociation(id))
  }

  /// Deletes every SA of a protocol, whoever has added them; none is no error.
  public mutating func flushAssociations(_ proto: IPProtocol = .any) throws(XFRMError) {
    try perform(.flushAssociations(proto))
  }

  /// Adds a policy: ``Operation/addPolicy(_:)``.
  ///
  /// - Throws: ``RefusalCause/exists`` as the cause if there is one with its key;
  ///   ``RefusalCause/breach(_:)`` if it breaks a rule.
  public mutating func add(_ policy: Policy) throws(XFRMError) {
    try perform(.addPolicy(policy))
  }

  /// Replaces the policy with its key in one step, or adds it: ``Operation/updatePolicy(_:)``.
  public mutating func update(_ policy: Policy) throws(XFRMError) {
    try perform(.updatePolicy(policy))
  }

  /// Deletes a policy.
  ///
  /// - Throws: ``RefusalCause/missing`` as the cause if there is none.
  public mutating func delete(_ key: PolicyKey) throws(XFRMError) {
    try perform(.deletePolicy(key))
  }

  /// Deletes every policy of a type, whoever has added them, but those of single sockets; none is
  /// no error.
  public mutating func flushPolicies(_ kind: Policy.Kind = .main) throws(XFRMError) {
    try perform(.flushPolicies(kind))
  }

  // MARK: Questions

  /// One SA, with its keys: `XFRM_MSG_GETSA`.
  ///
  /// - Throws: ``RefusalCause/missing`` as the cause if there is none.
  public mutating func association(
    _ id: SecurityAssociationID
  ) throws(XFRMError) -> SecurityAssociation {
    try fetch(.association(id)) { (message) throws(MalformedMessage) in
      try SecurityAssociation(from: message.reader)
    }
  }

  /// Every SA, with its keys, the newest first.
  ///
  /// What changes meanwhile may be missing, as the kernel does not say that a table changed while it
  /// was listed; ``XFRMEvents`` makes lists that are whole.
  public mutating func associations(
    _ filter: AssociationFilter = AssociationFilter()
  ) throws(XFRMError) -> [SecurityAssociation] {
    try dump(.associations(filter)) { (message) throws(MalformedMessage) in
      try SecurityAssociation(from: message.reader)
    }
  }

  /// Reserves an SPI: a larval SA that ``update(_:)-(SecurityAssociation)`` completes, or that expires.
  ///
  /// - Throws: ``RefusalCause/noFreeSPI`` as the cause if none was found.
  public mutating func allocateSPI(
    _ request: SPIRequest
  ) throws(XFRMError) -> SecurityAssociation {
    try fetch(.allocateSPI(request)) { (message) throws(MalformedMessage) in
      try SecurityAssociation(from: message.reader)
    }
  }

  /// An SA's sequence numbers and counters, and the thresholds asked for: `XFRM_MSG_GETAE`.
  ///
  /// - Throws: ``RefusalCause/missing`` as the cause if there is none.
  public mutating func checkpoint(
    of id: SecurityAssociationID, with thresholds: AssociationCheckpoint.Flags = []
  ) throws(XFRMError) -> AssociationCheckpoint {
    try fetch(.checkpoint(id, thresholds)) { (message) throws(MalformedMessage) in
      try AssociationCheckpoint(from: message.reader)
    }
  }

  /// One policy: `XFRM_MSG_GETPOLICY`. This finds an entry by its own key; it does not tell which
  /// policy a packet hits.
  ///
  /// - Throws: ``RefusalCause/missing`` as the cause if there is none.
  public mutating func policy(_ key: PolicyKey) throws(XFRMError) -> Policy {
    try fetch(.policy(key)) { (message) throws(MalformedMessage) in
      try Policy(from: message.reader)
    }
  }

  /// Every policy, main, sub and per-socket, the newest first.
  public mutating func policies() throws(XFRMError) -> [Policy] {
    try dump(.policies) { (message) throws(MalformedMessage) in
      try Policy(from: message.reader)
    }
  }

  /// How many SAs there are, and how the kernel keeps them: `XFRM_MSG_GETSADINFO`.
  public mutating func sadInfo() throws(XFRMError) -> SADInfo {
    try fetch(.sadInfo) { (message) throws(MalformedMessage) in try SADInfo(from: message.reader) }
  }

  /// How many policies there are, and how the kernel keeps them: `XFRM_MSG_GETSPDINFO`.
  public mutating func spdInfo() throws(XFRMError) -> SPDInfo {
    try fetch(.spdInfo) { (message) throws(MalformedMessage) in try SPDInfo(from: message.reader) }
  }

  /// What becomes of packets that no policy matches; since Linux 5.15.
  public mutating func defaultActions() throws(XFRMError) -> DefaultActions {
    try fetch(.defaultActions) { (message) throws(MalformedMessage) in
      var reader = message.reader
      return try reader.read(DefaultActions.self)
    }
  }

  private mutating func fetch<Answer>(
    _ query: Query, _ decode: (borrowing NetlinkMessage) throws(MalformedMessage) -> Answer
  ) throws(XFRMError) -> Answer {
    do { return try connection.fetch(query, decode) } catch { throw XFRMError(query, error) }
  }

  private mutating func dump<Entry>(
    _ query: Query,
    _ decode: (borrowing NetlinkMessage) throws(MalformedMessage) -> Entry
  ) throws(XFRMError) -> [Entry] {
    var entries: [Entry] = []
    do throws(NetlinkError) {
      entries.makeRoom(for: try expectedCount(of: query))
      try connection.dump(query) { (message) throws(MalformedMessage) in
        entries.append(try decode(message))
      }
    } catch {
      throw XFRMError(query, error)
    }
    return entries
  }
}

extension XFRMClient {
  /// How many entries a list will have, so that their memory is had at once and no more than that.
  private mutating func expectedCount(of query: Query) throws(NetlinkError) -> Int {
    switch query {
    case .associations(AssociationFilter()):
      let info = try connection.fetch(Query.sadInfo) { (message) throws(MalformedMessage) in
        try SADInfo(from: message.reader)
      }
      return Int(info.count)
    case .policies:
      let info = try connection.fetch(Query.spdInfo) { (message) throws(MalformedMessage) in
        try SPDInfo(from: message.reader)
      }
      return Int(info.count &+ info.socketCount)
    default: return 0
    }
  }
}

/// What became of many changes.
public struct BatchResult: Hashable, Sendable {
  /// One for each, in order. `XFRMError(operation, .refused(refusal))` puts a refusal into words.
  public var outcomes: [RequestOutcome] = []
  /// What made it impossible to go on, if anything did. The outcomes tell how far it came.
  public var failure: XFRMError?

  /// Of nothing so far.
  public init() {}

  /// Whether the kernel accepted every one.
  public var isAccepted: Bool { failure == nil && outcomes.allSatisfy { $0 == .accepted } }
}
