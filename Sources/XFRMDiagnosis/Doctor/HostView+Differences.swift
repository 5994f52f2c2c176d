internal import XFRMKit

/// What the sender of packets has otherwise than their receiver.
extension HostView {
  /// - Parameter receiver: The other end, as far as this one sends to it.
  func differences(to receiver: HostView) -> [Cause] {
    used(towards: receiver).flatMap { own -> [Cause] in
      let other = receiver.incomingAssociations.first {
        $0.spi == own.spi && $0.destination == own.destination && $0.proto == own.proto
      }
      guard let other else { return [missing(own, at: receiver)] }
      return compare(own, other, receiver)
    } + pathMTU(to: receiver)
  }

  /// The SAs that policies send through.
  private func used(towards receiver: HostView) -> [SecurityAssociation] {
    taken.filter { receiver.isOwn($0.destination) }.distinct(by: \.id)
  }

  private func missing(_ own: SecurityAssociation, at receiver: HostView) -> Cause {
    let isSwapped = receiver.associations.contains {
      $0.spi == own.spi && receiver.isOwn($0.source) && $0.destination == own.source
    }
    return receiver.cause(
      isSwapped ? .swappedSPIs : .unknownSPI,
      "the sender uses SPI \(own.spi), which is \(isSwapped ? "out" : "not") here")
  }

  /// Keys are compared in constant time, and neither is shown.
  private func compare(
    _ own: SecurityAssociation, _ other: SecurityAssociation, _ receiver: HostView
  ) -> [Cause] {
    func differ(_ id: CauseID, _ left: String, _ right: String) -> [Cause] {
      [receiver.cause(id, "\(own.words): \(left) at the sender, \(right) here")]
    }
    if own.cipherNames != other.cipherNames {
      return differ(.algorithm, own.cipherNames, other.cipherNames)
    }
    if own.checkBits != other.checkBits {
      return differ(.checkValue, "\(own.checkBits) bits", "\(other.checkBits) bits")
    }
    let isExtended = [own, other].map { $0.flags.contains(.extendedSequenceNumbers) }
    if isExtended[0] != isExtended[1] {
      return differ(
        .extendedNumbers, isExtended[0] ? "esn" : "none", isExtended[1] ? "esn" : "none")
    }
    // A kernel that keeps its keys for itself shows zeros.
    let keys = zip(own.keys, other.keys).filter { !$0.isAllZeros && !$1.isAllZeros }
    if keys.contains(where: { $0 != $1 }) { return differ(.key, "one key", "another") }
    if own.mode != other.mode { return differ(.mode, "\(own.mode)", "\(other.mode)") }
    if (own.encapsulation == nil) != (other.encapsulation == nil) {
      return differ(
        .encapsulation, own.encapsulation == nil ? "plain" : "in UDP",
        other.encapsulation == nil ? "plain" : "in UDP")
    }
    // What was received at the beginning was sent before the sender was looked at for the last time.
    let last = own.lastSent
    let received = receiver.earlier[other.id].map { min($0.highestReceived, other.highestReceived) }
    if let received, received > last, received - last > UInt64(other.window) {
      return differ(.restarted, "number \(last)", "\(received) was received")
    }
    return []
  }

  private func pathMTU(to receiver: HostView) -> [Cause] {
    protecting.flatMap(\.templates).compactMap { LookupEnds(of: $0) }.distinct(by: \.self)
      .compactMap { ends in
        guard let near = link(of: ends.source), let far = receiver.link(of: ends.destination),
          near.mtu > far.mtu
        else { return nil }
        return cause(
          .mtu, "\(near.name) takes \(near.mtu) bytes, the peer's \(far.name) \(far.mtu)")
      }
  }
}

extension SecurityAssociation {
  fileprivate var cipherNames: String {
    [aead?.name, encryption?.name, authentication?.name, compression?.name].compactMap { $0 }
      .joined(separator: " ")
  }

  fileprivate var checkBits: UInt32 { aead?.checkBits ?? authentication?.truncationBits ?? 0 }

  fileprivate var keys: [Secret] {
    [aead?.key, encryption?.key, authentication?.key].compactMap { $0 }
  }

  fileprivate var lastSent: UInt64 {
    extendedReplayState?.outgoingSequence ?? UInt64(replayState?.outgoingSequence ?? 0)
  }

  fileprivate var highestReceived: UInt64 {
    extendedReplayState?.incomingSequence ?? UInt64(replayState?.incomingSequence ?? 0)
  }

  fileprivate var window: UInt32 { extendedReplayState?.window ?? UInt32(replayWindow) }
}
