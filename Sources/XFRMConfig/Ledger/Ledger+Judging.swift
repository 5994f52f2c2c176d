internal import XFRMKit

extension Ledger {
  /// What is to be done about keys that may be used.
  struct Judgement {
    /// To be announced.
    var fresh: [LedgerRecord.KeyUse] = []
    /// The lines in which the same SAs are announced.
    var again: [Int] = []
    /// They may not, because of what they were used for.
    var refused: [(entry: AssociationEntry, earlier: LedgerRecord.KeyUse)] = []
  }

  /// Whether keys may be used, all at the same time.
  ///
  /// - Parameter keys: SAs and their key material.
  func judge(
    _ keys: [(entry: AssociationEntry, key: Secret)]
  ) throws(KeyProblem) -> Judgement {
    var judgement = Judgement()
    var besides: [UInt64: [LedgerRecord.KeyUse]] = [:]
    let now = WallClock.now
    for (entry, key) in keys {
      guard let use = use(of: entry, key, at: now) else { continue }
      switch try judge(use, entry, besides: besides[use.fingerprint] ?? []) {
      case .fresh:
        judgement.fresh.append(use)
        besides[use.fingerprint, default: []].append(use)
      case .again(let number): judgement.again.append(number)
      case .refused(let earlier): judgement.refused.append((entry, earlier))
      }
    }
    return judgement
  }

  private enum Verdict {
    case fresh
    /// It is the same SA, which is announced in that line.
    case again(Int)
    case refused(LedgerRecord.KeyUse)
  }

  /// Whether a key may be used.
  ///
  /// - Parameters:
  ///   - use: What for.
  ///   - entry: The SA that wants it.
  ///   - uses: What else wants the same key at the same time.
  private func judge(
    _ use: LedgerRecord.KeyUse, _ entry: AssociationEntry, besides uses: [LedgerRecord.KeyUse]
  ) throws(KeyProblem) -> Verdict {
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
      return .refused(other)
    }
    return .fresh
  }

  /// Why keys must not be used, and what helps; `nil` if all may.
  func refusal(
    _ refused: [(entry: AssociationEntry, earlier: LedgerRecord.KeyUse)]
  ) -> KeyProblem? {
    guard let (entry, earlier) = refused.first else { return nil }
    var text =
      "the key of \(entry.name) was used before, at \(LedgerTime.text(earlier.time)) for "
      + "\(earlier.object) (\(earlier.algorithms), SPI \(earlier.spi))"
    if refused.count == 2 { text += ", and so was that of \(refused[1].entry.name)" }
    if refused.count > 2 { text += ", and so were those of \(refused.count - 1) more SAs" }
    if refused.contains(where: { $0.earlier.run.boot != run.boot }) {
      text += "; this host has started anew since, and would count packets from 1 again"
    }
    var connections: [String] = []
    for case .bundle(let connection, _)? in refused.lazy.map({ $0.entry.key })
    where connections.last != connection { connections.append(connection) }
    guard !connections.isEmpty else { return KeyProblem(text + "; it takes a new key") }
    let shown = connections.prefix(8).joined(separator: " ") + (connections.count > 8 ? " …" : "")
    return KeyProblem(
      text + "; make new keys for both ends: `xfrmctl keys new \(shown)`, try again here, and at "
        + "the other end, when it has its half: `xfrmctl rotate \(shown)`")
  }

  /// `nil` for what does not need a fresh key.
  func use(
    of entry: AssociationEntry, _ key: Secret, at time: UInt64
  ) -> LedgerRecord.KeyUse? {
    guard let cipherKey = entry.freshKey(in: key),
      let mark = UInt64(fingerprint.of(cipherKey), radix: 16)
    else { return nil }
    return LedgerRecord.KeyUse(
      fingerprint: mark, object: entry.name, direction: entry.direction,
      destination: entry.association.destination, spi: entry.association.spi,
      algorithms: entry.protection.name, run: run, time: time)
  }
}
