internal import Netlink
internal import XFRMKit

extension IPText {
  mutating func append(_ lifetime: Lifetime, _ usage: Usage, indent: StaticString = "") {
    begin("\tlifetime config:", indent)
    endLine()
    begin("\t  limit: soft ", indent)
    append(limit: lifetime.soft.bytes)
    out.append("(bytes), hard ")
    append(limit: lifetime.hard.bytes)
    out.append("(bytes)")
    endLine()
    begin("\t  limit: soft ", indent)
    append(limit: lifetime.soft.packets)
    out.append("(packets), hard ")
    append(limit: lifetime.hard.packets)
    out.append("(packets)")
    endLine()
    begin("\t  expire add: soft ", indent)
    append(lifetime.soft.secondsFromAdd, lifetime.hard.secondsFromAdd)
    begin("\t  expire use: soft ", indent)
    append(lifetime.soft.secondsFromUse, lifetime.hard.secondsFromUse)

    begin("\tlifetime current:", indent)
    endLine()
    begin("\t  ", indent)
    out.append(decimal: usage.bytes)
    out.append("(bytes), ")
    out.append(decimal: usage.packets)
    out.append("(packets)")
    endLine()
    begin("\t  add ", indent)
    append(time: usage.addedAt)
    out.append(" use ")
    append(time: usage.firstUsedAt)
    endLine()
  }

  private mutating func begin(_ words: StaticString, _ indent: StaticString) {
    out.append(indent)
    out.append(words)
  }

  private mutating func append(limit: UInt64) {
    if limit == Lifetime.unlimited { out.append("(INF)") } else { out.append(decimal: limit) }
  }

  private mutating func append(_ soft: UInt64, _ hard: UInt64) {
    out.append(decimal: soft)
    out.append("(sec), hard ")
    out.append(decimal: hard)
    out.append("(sec)")
    endLine()
  }

  /// Appends a local time, or `-` for none.
  mutating func append(time seconds: UInt64) {
    if seconds == 0 { out.append("-") } else { out.append(names.time(seconds).span) }
  }
}
