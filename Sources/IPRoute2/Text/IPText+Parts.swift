internal import Netlink
internal import XFRMKit

// Lines that SAs and policies share, or that few of them have. `indent` is what stands in front of
// a line where the object is a part of an event.

extension IPText {
  mutating func appendLine(_ words: StaticString, _ number: UInt32) {
    out.append(words)
    out.append(decimal: number)
    endLine()
  }

  /// Appends `0` as C's `%#x` does, and other numbers behind `0x`.
  private mutating func append(prefixedHex number: UInt32) {
    if number != 0 { out.append("0x") }
    out.append(hex: number)
  }

  mutating func appendMarks(_ association: SecurityAssociation) {
    guard association.mark != nil || association.outputMark != nil else { return }
    out.append("\t")
    if let mark = association.mark { append(mark) }
    if let outputMark = association.outputMark {
      out.append("output-mark 0x")
      out.append(hex: outputMark)
      if let mask = association.outputMarkMask {
        out.append("/0x")
        out.append(hex: mask)
      }
    }
    endLine()
  }

  mutating func append(_ mark: Mark) {
    out.append("mark ")
    append(prefixedHex: mark.value)
    out.append("/")
    append(prefixedHex: mark.mask)
    out.append(" ")
  }

  mutating func append(_ encapsulation: Encapsulation, of family: AddressFamily) {
    out.append("\tencap type ")
    append(encapsulation.kind.word, or: encapsulation.kind.rawValue)
    out.append(" sport ")
    out.append(decimal: encapsulation.sourcePort)
    out.append(" dport ")
    out.append(decimal: encapsulation.destinationPort)
    out.append(" addr ")
    append(encapsulation.originalAddress ?? .unspecified(family), as: family)
    endLine()
  }

  mutating func appendCareOf(
    _ address: IPAddress, of family: AddressFamily, indent: StaticString = "\t"
  ) {
    out.append(indent)
    out.append("coa ")
    append(address, as: family)
    endLine()
  }

  mutating func append(_ state: ReplayState) {
    out.append("\tanti-replay context: seq 0x")
    out.append(hex: state.incomingSequence)
    out.append(", oseq 0x")
    out.append(hex: state.outgoingSequence)
    out.append(", bitmap 0x")
    out.append(hex: state.bitmap, digits: 8)
    endLine()
  }

  mutating func append(_ state: ExtendedReplayState) {
    out.append("\tanti-replay esn context:")
    endLine()
    out.append("\t seq-hi 0x")
    append(high: state.incomingSequence)
    out.append(", seq 0x")
    append(low: state.incomingSequence)
    out.append(", oseq-hi 0x")
    append(high: state.outgoingSequence)
    out.append(", oseq 0x")
    append(low: state.outgoingSequence)
    endLine()
    out.append("\t replay_window ")
    out.append(decimal: state.window)
    out.append(", bitmap-length ")
    out.append(decimal: UInt64(state.bitmap.count))
    for (column, word) in state.bitmap.reversed().enumerated() {
      if column % 8 == 0 {
        endLine()
        out.append("\t ")
      }
      out.append(hex: word, digits: 8)
      out.append(" ")
    }
    endLine()
  }

  private mutating func append(high sequence: UInt64) {
    out.append(hex: UInt32(truncatingIfNeeded: sequence >> 32))
  }

  private mutating func append(low sequence: UInt64) {
    out.append(hex: UInt32(truncatingIfNeeded: sequence))
  }

  mutating func append(
    _ offload: SecurityAssociation.Offload, tellsDirection: Bool, indent: StaticString = ""
  ) {
    out.append(indent)
    out.append("\tcrypto offload parameters: dev ")
    append(interface: UInt32(bitPattern: offload.interfaceIndex))
    if tellsDirection {
      out.append(offload.flags.contains(.incoming) ? " dir in" : " dir out")
    }
    out.append(offload.flags.contains(.packet) ? " mode packet" : " mode crypto")
    endLine()
  }

  mutating func append(interfaceID: UInt32, indent: StaticString = "") {
    out.append(indent)
    out.append("\tif_id ")
    append(prefixedHex: interfaceID)
    endLine()
  }

  mutating func append(cpu: UInt32, indent: StaticString = "") {
    out.append(indent)
    appendLine("\tpcpu-num ", cpu)
  }

  /// To its first zero, like every text of C.
  mutating func append(_ context: SecurityContext) {
    out.append("\tsecurity context ")
    for byte in context.label.prefix(while: { $0 != 0 }) { out.append(byte) }
    out.append(" ")
    endLine()
  }
}
