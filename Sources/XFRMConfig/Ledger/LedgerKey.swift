internal import Glibc
internal import XFRMKit

extension AssociationEntry {
  /// The part of key material that must never be used again: the cipher's key without its salt, or
  /// all of it where there is no cipher; `nil` if it may be (``needsFreshKey``).
  func freshKey(in material: Secret) -> Secret? {
    guard needsFreshKey else { return nil }
    guard case .esp(let proposal) = protection else { return material }
    let count =
      switch proposal.transforms {
      case .aead(let cipher, let keyBytes, _): keyBytes - cipher.keys.saltBytes
      case .encryptionAndAuthentication(let cipher, let keyBytes, _, _):
        keyBytes - cipher.keys.saltBytes
      }
    guard count <= material.count else { return nil }
    return count == 0
      ? material : material.withBytes { Secret($0.extracting(..<count)) }
  }
}

extension AssociationEntry.Protection {
  /// Its algorithms, for people.
  var name: String {
    switch self {
    case .esp(let proposal): proposal.name
    case .ah(let hash, _): hash.name
    case .ipComp(let compression): compression.name
    }
  }
}

/// Times of the ledger, for people.
enum LedgerTime {
  /// `2026-11-22T06:44:00Z`
  static func text(_ secondsSince1970: UInt64) -> String {
    // Sound: the parts outlive the call, and their name of a zone is not looked at.
    unsafe withUnsafeTemporaryAllocation(of: tm.self, capacity: 1) { parts in
      var seconds = time_t(clamping: secondsSince1970)
      guard let start = parts.baseAddress, unsafe gmtime_r(&seconds, start) != nil else {
        return "\(secondsSince1970)"
      }
      let time = unsafe [
        start.pointee.tm_mon + 1, start.pointee.tm_mday, start.pointee.tm_hour,
        start.pointee.tm_min, start.pointee.tm_sec,
      ].map { $0 < 10 ? "0\($0)" : "\($0)" }
      return unsafe "\(start.pointee.tm_year + 1900)-\(time[0])-\(time[1])"
        + "T\(time[2]):\(time[3]):\(time[4])Z"
    }
  }
}
