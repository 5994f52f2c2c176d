/// Request IDs for connections that have none of their own.
enum RequestIDs {
  /// 24 bits of a name (FNV-1a), never 0: the same each time, so that no order changes it.
  static func number(of name: String) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return max(1, (hash >> 24 ^ hash) & 0xff_ffff)
  }
}
