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
  public mutating func perform(_ operation: Operation) throws(XFRMError) {
    do { try connection.execute(operation) } catch { throw XFRMError(operation, error) }
  }

  /// Carries out many changes, many to a datagram.
  ///
  /// The kernel runs those of a datagram without another netlink request in between, but it is no
  /// transaction: what was accepted before a refusal stays.
  @inlinable
  public mutating func perform(
    _ operations: some Sequence<Operation>, options: BatchOptions = BatchOptions()
  ) -> BatchResult {
    var unsent = operations.makeIterator()
    return perform(expecting: operations.underestimatedCount, options) { unsent.next() }
  }

  @usableFromInline
  mutating func perform(
    expecting count: Int, _ options: BatchOptions, _ next: () -> Operation?
  ) -> BatchResult {
    var result = BatchResult()
    result.outcomes.reserveCapacity(count)
    do throws(NetlinkError) {
      try connection.perform(options: options) { _, outcome in
        result.outcomes.append(outcome)
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

  public mutating func add(_ association: SecurityAssociation) throws(XFRMError) {
    try perform(.addAssociation(association))
  }

  public mutating func update(_ association: SecurityAssociation) throws(XFRMError) {
    try perform(.updateAssociation(association))
  }

  public mutating func delete(_ id: SecurityAssociationID) throws(XFRMError) {
    try perform(.deleteAssociation(id))
  }

  public mutating func flushAssociations(_ proto: IPProtocol = .any) throws(XFRMError) {
    try perform(.flushAssociations(proto))
  }

  public mutating func add(_ policy: Policy) throws(XFRMError) {
    try perform(.addPolicy(policy))
  }

  public mutating func update(_ policy: Policy) throws(XFRMError) {
    try perform(.updatePolicy(policy))
  }

  public mutating func delete(_ key: PolicyKey) throws(XFRMError) {
    try perform(.deletePolicy(key))
  }

  public mutating func flushPolicies(_ kind: Policy.Kind = .main) throws(XFRMError) {
    try perform(.flushPolicies(kind))
  }

  // MARK: Questions

  /// One SA, with its keys.
  public mutating func association(
    _ id: SecurityAssociationID
  ) throws(XFRMError) -> SecurityAssociation {
    try fetch(.association(id)) { (message) throws(MalformedMessage) in
      try SecurityAssociation(from: message.reader)
    }
  }

  /// Every SA, with its keys, the newest first.
  public mutating func associations(
    _ filter: AssociationFilter = AssociationFilter()
  ) throws(XFRMError) -> [SecurityAssociation] {
    // Only a hint: what keeps it from being answered keeps the list from it, too.
    let expected = filter == AssociationFilter() ? try? sadInfo() : nil
    return try dump(.associations(filter), expecting: expected?.count ?? 0) {
      (message) throws(MalformedMessage) in
      try SecurityAssociation(from: message.reader)
    }
  }

  /// Reserves an SPI: a larval SA that ``update(_:)`` completes, or that expires.
  public mutating func allocateSPI(
    _ request: SPIRequest
  ) throws(XFRMError) -> SecurityAssociation {
    try fetch(.allocateSPI(request)) { (message) throws(MalformedMessage) in
      try SecurityAssociation(from: message.reader)
    }
  }

  /// An SA's sequence numbers and counters, and the thresholds asked for.
  public mutating func checkpoint(
    of id: SecurityAssociationID, with thresholds: AssociationCheckpoint.Flags = []
  ) throws(XFRMError) -> AssociationCheckpoint {
    try fetch(.checkpoint(id, thresholds)) { (message) throws(MalformedMessage) in
      try AssociationCheckpoint(from: message.reader)
    }
  }

  /// One policy. This finds an entry by its own key; it does not tell which policy a packet hits.
  public mutating func policy(_ key: PolicyKey) throws(XFRMError) -> Policy {
    try fetch(.policy(key)) { (message) throws(MalformedMessage) in
      try Policy(from: message.reader)
    }
  }

  /// Every policy, main, sub and per-socket, the newest first.
  public mutating func policies() throws(XFRMError) -> [Policy] {
    // Only a hint: what keeps it from being answered keeps the list from it, too.
    let expected = (try? spdInfo()).map { $0.count &+ $0.socketCount }
    return try dump(.policies, expecting: expected ?? 0) {
      (message) throws(MalformedMessage) in
      try Policy(from: message.reader)
    }
  }

  public mutating func sadInfo() throws(XFRMError) -> SADInfo {
    try fetch(.sadInfo) { (message) throws(MalformedMessage) in try SADInfo(from: message.reader) }
  }

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
    _ query: Query, expecting count: UInt32,
    _ decode: (borrowing NetlinkMessage) throws(MalformedMessage) -> Entry
  ) throws(XFRMError) -> [Entry] {
    var entries: [Entry] = []
    entries.makeRoom(for: Int(count))
    do {
      try connection.dump(query) { (message) throws(MalformedMessage) in
        entries.append(try decode(message))
      }
    } catch {
      throw XFRMError(query, error)
    }
    return entries
  }
}

/// What became of many changes.
public struct BatchResult: Hashable, Sendable {
  /// One for each, in order. `XFRMError(operation, .refused(refusal))` puts a refusal into words.
  public var outcomes: [RequestOutcome] = []
  /// What made it impossible to go on, if anything did. The outcomes tell how far it came.
  public var failure: XFRMError?

  /// Whether the kernel accepted every one.
  public var isAccepted: Bool { failure == nil && outcomes.allSatisfy { $0 == .accepted } }
}
