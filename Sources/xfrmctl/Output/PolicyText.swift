import XFRMKit

extension Policy {
  /// A few lines that fit a terminal.
  var block: String {
    var lines = [Style.bold("\(direction)  \(selector)")]
    let isBypass = action == .allow && templates.isEmpty
    var basics = [isBypass ? Style.yellow("bypass: lets packets pass in clear") : "\(action)"]
    basics += ["priority \(priority)", "index \(index)"]
    if kind != .main { basics.append("\(kind)") }
    if let interfaceID { basics.append("if_id \(interfaceID)") }
    if let mark { basics.append("mark \(mark)") }
    lines.append(basics.joined(separator: "  "))
    lines += templates.map(\.text)
    return lines.joined(separator: "\n    ")
  }
}

extension Template {
  var text: String {
    var words = ["\(proto)", "\(mode)"]
    if mode.hasOuterAddresses { words.append("\(source) → \(destination)") }
    words.append("reqid \(requestID)")
    if spi != 0 { words.append("SPI \(spi)") }
    if isOptional { words.append("if there is an SA") }
    return words.joined(separator: "  ")
  }
}
