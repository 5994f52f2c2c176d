import XFRMKit

extension Policy {
  /// A few lines that fit a terminal.
  var block: String {
    var lines = Text.flow(["\(direction)"] + selector.parts).map { Style.bold($0) }
    let isBypass = action == .allow && templates.isEmpty
    var basics = [isBypass ? Style.yellow("bypass: lets packets pass in clear") : "\(action)"]
    basics += ["priority \(priority)", "index \(index)"]
    if kind != .main { basics.append("\(kind)") }
    if let interfaceID { basics.append("if_id \(interfaceID)") }
    if let mark { basics.append("mark \(mark)") }
    if let offload { basics.append(offload.text) }
    if !flagNames.isEmpty { basics.append("flags \(flagNames.joined(separator: " "))") }
    lines += Text.flow(basics)
    lines += Text.flow(lifetime.parts)
    lines += templates.flatMap { Text.flow($0.parts) }
    return lines.joined(separator: "\n    ")
  }
}

extension Template {
  fileprivate var parts: [String] {
    var parts = ["\(proto)", "\(mode)"]
    if mode.hasOuterAddresses { parts.append("\(source) → \(destination)") }
    parts.append("reqid \(requestID)")
    if spi != 0 { parts.append("SPI \(spi)") }
    if isOptional { parts.append("if there is an SA") }
    let masks = [
      ("authentication", algorithms.authentication), ("encryption", algorithms.encryption),
      ("compression", algorithms.compression),
    ]
    return parts
      + masks.filter { $0.1 != .max }.map { "\($0) algorithms \(Text.hex($1))" }
  }
}
