internal import XFRMKit

extension Ledger {
  /// What is to be done about a key that may be used.
  enum Judgement {
    case fresh
    /// It is the same SA, which is announced in that line.
    case again(Int)
  }

  /// Whether a key may be used.
  ///
  /// - Parameters:
  ///   - use: What for.
  ///   - entry: The SA that wants it.
  ///   - uses: What else wants the same key at the same time.
  func judge(
    _ use: LedgerRecord.KeyUse, _ entry: AssociationEntry, besides uses: [LedgerRecord.KeyUse]
  ) throws(KeyProblem) -> Judgement {
    var earlier = uses.map { (number: -1, use: $0) }
    for offset in contents.lines(about: use.fingerprint) {
      do throws(StoreProblem) {
        earlier.append(try announcement(at: offset))
      } catch {
        throw KeyProblem(error)
      }
    }
    for (number, other) in earlier {
      if other.direction != use.direction, other.isOtherEnd(of: use) { continue }
      if neverInstalled.contains(number), other.isSame(as: use) { return .again(number) }
      // A lab that was told what that means, and says so in every output.
      if entry.key?.isStatic == true { continue }
      throw refusal(entry, other)
    }
    return .fresh
  }

  private func refusal(_ entry: AssociationEntry, _ other: LedgerRecord.KeyUse) -> KeyProblem {
    let time = LedgerTime.text(other.time)
    let remedy =
      if case .bundle(let connection, _) = entry.key {
        "make new keys: xfrmctl keys new \(connection)"
      } else {
        "it takes a new key"
      }
    return KeyProblem(
      "the key of \(entry.name) was used before, at \(time) for \(other.object) "
        + "(\(other.algorithms), SPI \(other.spi)); \(remedy)")
  }

  /// `nil` for algorithms that do not need fresh keys.
  func use(
    of entry: AssociationEntry, _ key: Secret, at time: UInt64
  ) -> LedgerRecord.KeyUse? {
    guard let cipherKey = entry.protection.freshKey(in: key),
      let mark = UInt64(fingerprint.of(cipherKey), radix: 16)
    else { return nil }
    return LedgerRecord.KeyUse(
      fingerprint: mark, object: entry.name, direction: entry.direction,
      destination: entry.association.destination, spi: entry.association.spi,
      algorithms: entry.protection.name, run: run, time: time)
  }
}
