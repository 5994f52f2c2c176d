/// Something that was asked for and that the kernel did not take, without a word.
///
/// Older kernels ignore attributes that they do not know, an update changes little of an SA, and a
/// device that cannot encrypt leaves it to software.
public struct Untaken: Hashable, Sendable, CustomStringConvertible {
  /// The property, by its name here: `direction`.
  public var property: String
  /// What was asked for. Keys are not shown.
  public var asked: String
  /// What the kernel has instead.
  public var stored: String

  public var description: String { "\(property): \(asked) was asked for, the kernel has \(stored)" }
}

extension XFRMClient {
  /// Reads an SA back and says what of it the kernel did not take.
  ///
  /// What was not asked for (`nil`, the default) may be anything. Sequence numbers, counters and
  /// thresholds go on, so ``checkpoint(of:with:)`` tells them.
  public mutating func untaken(
    of asked: SecurityAssociation
  ) throws(XFRMError) -> [Untaken] {
    asked.untaken(by: try association(asked.id))
  }

  /// Reads a policy back and says what of it the kernel did not take.
  public mutating func untaken(of asked: Policy) throws(XFRMError) -> [Untaken] {
    asked.untaken(by: try policy(asked.key))
  }
}

extension SecurityAssociation {
  /// What of this the SA that the kernel has is without.
  public func untaken(by stored: SecurityAssociation) -> [Untaken] {
    var list = Comparison(asked: self, stored: stored)
    list.compare("source", \.source)
    list.compare("mode", \.mode)
    list.compare("requestID", \.requestID)
    if selector != .unrestricted { list.compare("selector", \.selector) }
    // Keys compare in constant time and show their lengths only.
    list.compareAsked("aead", \.aead, describe: { "\($0.name) \($0.key)" })
    list.compareAsked("encryption", \.encryption, by: { $0.isSame(as: $1) }) {
      "\($0.name) \($0.key)"
    }
    list.compareAsked("authentication", \.authentication, by: { $0.isSame(as: $1) }) {
      "\($0.name) \($0.key), \($0.truncationBits.map { "\($0)" } ?? "default") bits"
    }
    list.compareAsked("compression", \.compression, describe: { $0.name })
    list.compareAsked(
      "encapsulation", \.encapsulation,
      describe: { "\($0.kind) \($0.sourcePort) → \($0.destinationPort)" })
    // The kernel sets one by itself.
    list.compare("flags", \.flags) { $0.subtracting(.noPathMTUDiscovery) }
    list.compareAsked("extraFlags", \.extraFlags)
    list.compare("lifetime", \.lifetime)
    if extendedReplayState == nil { list.compare("replayWindow", \.replayWindow) }
    list.compareAsked("extendedReplayState.window", \.extendedReplayState?.window)
    list.compareAsked("mark", \.mark) {
      $0.value & $0.mask == $1.value & $1.mask && $0.mask == $1.mask
    }
    list.compareAsked("outputMark", \.outputMark)
    list.compareAsked("outputMarkMask", \.outputMarkMask)
    if interfaceID != 0 { list.compareAsked("interfaceID", \.interfaceID) }
    list.compareAsked("direction", \.direction)
    list.compareAsked("careOfAddress", \.careOfAddress)
    if trafficFlowPadding != 0 { list.compareAsked("trafficFlowPadding", \.trafficFlowPadding) }
    list.compareAsked("offload", \.offload)
    list.compareAsked("cpu", \.cpu)
    list.compareAsked("securityContext", \.securityContext)
    list.compareAsked("iptfs.dropTimeMicroseconds", \.iptfs.dropTimeMicroseconds)
    list.compareAsked("iptfs.reorderWindow", \.iptfs.reorderWindow)
    if iptfs.dontFragment { list.compare("iptfs.dontFragment", \.iptfs.dontFragment) }
    list.compareAsked("iptfs.initialDelayMicroseconds", \.iptfs.initialDelayMicroseconds)
    list.compareAsked("iptfs.queueBytes", \.iptfs.queueBytes)
    list.compareAsked("iptfs.packetBytes", \.iptfs.packetBytes)
    if natKeepaliveSeconds != 0 {
      list.compareAsked("natKeepaliveSeconds", \.natKeepaliveSeconds)
    }
    list.compareAsked("mappingThresholdSeconds", \.mappingThresholdSeconds)
    return list.untaken
  }
}

extension Policy {
  /// What of this the policy that the kernel has is without.
  public func untaken(by stored: Policy) -> [Untaken] {
    var list = Comparison(asked: self, stored: stored)
    list.compare("action", \.action)
    list.compare("kind", \.kind)
    list.compare("priority", \.priority)
    if index != 0 { list.compare("index", \.index) }
    list.compare("templates", \.templates) { templates in
      // The kernel fills in the family, and forgets `share` of policies only.
      templates.map { template in
        var template = template
        template.family = template.destination.family
        return template
      }
    }
    list.compare("lifetime", \.lifetime)
    list.compare("flags", \.flags)
    list.compareAsked("offload", \.offload)
    list.compareAsked("securityContext", \.securityContext)
    return list.untaken
  }
}

/// Compares two objects property by property.
private struct Comparison<Object> {
  let asked: Object
  let stored: Object
  private(set) var untaken: [Untaken] = []

  init(asked: Object, stored: Object) {
    self.asked = asked
    self.stored = stored
  }

  /// - Parameter normalized: What counts of a value.
  mutating func compare<Value: Equatable>(
    _ name: String, _ path: KeyPath<Object, Value>,
    normalized: (Value) -> Value = { $0 }
  ) {
    let (wish, fact) = (asked[keyPath: path], stored[keyPath: path])
    guard normalized(wish) != normalized(fact) else { return }
    untaken.append(Untaken(property: name, asked: "\(wish)", stored: "\(fact)"))
  }

  /// Compares a property if it was asked for.
  mutating func compareAsked<Value: Equatable>(
    _ name: String, _ path: KeyPath<Object, Value?>,
    by areEqual: (Value, Value) -> Bool = { $0 == $1 },
    describe: (Value) -> String = { "\($0)" }
  ) {
    guard let wish = asked[keyPath: path] else { return }
    let fact = stored[keyPath: path]
    if let fact, areEqual(wish, fact) { return }
    let isSameText = fact.map { describe($0) == describe(wish) } ?? false
    untaken.append(
      Untaken(
        property: name, asked: describe(wish),
        stored: isSameText ? "another" : fact.map(describe) ?? "none"))
  }
}

extension Encryption {
  /// Whether both are one algorithm, under whichever of its names, with one key.
  fileprivate func isSame(as other: Encryption) -> Bool {
    key == other.key
      && (EncryptionAlgorithm(named: name)?.name ?? name)
        == (EncryptionAlgorithm(named: other.name)?.name ?? other.name)
  }
}

extension Authentication {
  /// Whether both are one algorithm, under whichever of its names, with one key and check value.
  fileprivate func isSame(as other: Authentication) -> Bool {
    let known = AuthenticationAlgorithm(named: name)
    let bits = truncationBits.flatMap { $0 == 0 ? nil : $0 }
    return key == other.key
      && (known?.name ?? name) == (AuthenticationAlgorithm(named: other.name)?.name ?? other.name)
      && (bits == nil || bits == other.truncationBits)
  }
}
