internal import XFRMKit

/// A limit that an SA has come close to.
public struct Wear: Hashable, Sendable {
  /// What there is only so much of.
  public enum Limit: String, CaseIterable, Hashable, Sendable {
    case bytes
    case packets
    /// Seconds since it was added.
    case age
    /// Seconds since it was first used.
    case use
    /// 2^32 of them, or 2^64 if they are extended; behind the last it sends no more.
    case sequenceNumbers = "sequence-numbers"
  }

  public var object: ObjectName
  public var limit: Limit
  /// Whether it is announced and nothing else; the SA goes at a hard one.
  public var isSoft: Bool
  /// How much of it is used up, in percent.
  public var percent: Int

  /// From here on it is told of.
  static let threshold = 80

  /// What helps.
  public var remedy: String {
    object.generation == nil
      ? "give it another SPI and another key" : "xfrmctl rotate \(object.entry)"
  }
}

extension Wear: CustomStringConvertible {
  public var description: String {
    let name =
      limit == .sequenceNumbers
      ? "its sequence numbers" : "its \(isSoft ? "soft" : "hard") limit of \(limit.words)"
    return "\(object) has used \(percent) % of \(name): \(remedy)"
  }
}

extension Wear.Limit {
  fileprivate var words: String {
    switch self {
    case .age: "seconds since it was added"
    case .use: "seconds since its first use"
    default: rawValue
    }
  }
}

extension Inventory {
  /// What of ours is nearly used up, without SAs that have a successor already.
  ///
  /// - Parameters:
  ///   - holdings: What the SAs are called.
  ///   - time: In seconds since 1970; `nil` to look at no clock.
  func wear(_ holdings: Holdings, at time: UInt64?) -> [Wear] {
    var newest: [ObjectName: UInt32] = [:]
    for held in holdings.associations.values {
      let series = ObjectName(held.name.entry, held.name.part)
      newest[series] = max(newest[series] ?? 0, held.name.generation ?? 0)
    }
    var found: [Wear] = []
    for (tag, association) in associations {
      guard let name = holdings.associations[tag]?.name,
        newest[ObjectName(name.entry, name.part)] == name.generation ?? 0
      else { continue }
      found += association.wear(name, at: time)
    }
    return found.sorted { ($0.object, $0.limit.rawValue) < ($1.object, $1.limit.rawValue) }
  }
}

extension SecurityAssociation {
  fileprivate func wear(_ name: ObjectName, at time: UInt64?) -> [Wear] {
    func share(_ used: UInt64, of limit: UInt64) -> Int {
      limit == 0 ? 0 : Int(min(Double(used) / Double(limit) * 100, 1000))
    }
    func shares(_ limits: Lifetime.Limits) -> [Wear.Limit: Int] {
      var shares: [Wear.Limit: Int] = [:]
      if limits.bytes != Lifetime.unlimited {
        shares[.bytes] = share(usage.bytes, of: limits.bytes)
      }
      if limits.packets != Lifetime.unlimited {
        shares[.packets] = share(usage.packets, of: limits.packets)
      }
      if let time, time > usage.addedAt {
        shares[.age] = share(time - usage.addedAt, of: limits.secondsFromAdd)
      }
      if let time, usage.firstUsedAt > 0, time > usage.firstUsedAt {
        shares[.use] = share(time - usage.firstUsedAt, of: limits.secondsFromUse)
      }
      return shares
    }
    var (soft, hard) = (shares(lifetime.soft), shares(lifetime.hard))
    hard[.sequenceNumbers] = sequenceShare
    // One that is close to its end need not be told that it is to be renewed.
    hard = hard.filter { $0.value >= Wear.threshold }
    soft = soft.filter { $0.value >= Wear.threshold && hard[$0.key] == nil }
    return hard.map { Wear(object: name, limit: $0.key, isSoft: false, percent: $0.value) }
      + soft.map { Wear(object: name, limit: $0.key, isSoft: true, percent: $0.value) }
  }

  /// How much of its sequence numbers is used up, in percent.
  private var sequenceShare: Int {
    if extraFlags?.contains(.sequenceMayWrap) == true { return 0 }
    let isExtended = flags.contains(.extendedSequenceNumbers)
    let last: UInt64 =
      if let state = extendedReplayState {
        max(state.outgoingSequence, state.incomingSequence)
      } else if let state = replayState {
        UInt64(max(state.outgoingSequence, state.incomingSequence))
      } else {
        0
      }
    return Int(Double(last) / (isExtended ? 0x1p64 : 0x1p32) * 100)
  }
}
