internal import XFRMKit

extension CommandParser {
  /// What stands behind an SA's `offload`: how, which device, and for which direction.
  mutating func associationOffload() throws(SyntaxError) -> (
    SecurityAssociation.Offload, SecurityAssociation.Direction
  ) {
    let isPacket = take("packet")
    if !isPacket { _ = take("crypto") }
    let index = try offloadDevice("value after \"offload dev\" is invalid")
    let keyword = try argument("dir")
    guard keyword == "dir" else {
      throw wrong("value after \"offload dir\" is invalid", expected: "dir")
    }
    let direction = try associationDirection()
    var flags: SecurityAssociation.Offload.Flags = isPacket ? .packet : []
    if direction == .incoming { flags.insert(.incoming) }
    return (SecurityAssociation.Offload(interfaceIndex: index, flags: flags), direction)
  }

  /// What stands behind a policy's `offload`: packets only, whose direction is the policy's own.
  mutating func policyOffload() throws(SyntaxError) -> SecurityAssociation.Offload {
    guard try argument("packet") == "packet" else {
      throw wrong("Invalid offload mode", expected: "packet")
    }
    let index = try offloadDevice("Invalid device name")
    return SecurityAssociation.Offload(interfaceIndex: index, flags: .packet)
  }

  private mutating func offloadDevice(_ why: String) throws(SyntaxError) -> Int32 {
    guard try argument("dev") == "dev" else {
      throw wrong("Missing dev keyword", expected: "dev")
    }
    return try interface(why)
  }
}
