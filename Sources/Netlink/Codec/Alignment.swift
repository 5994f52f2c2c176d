/// `NLMSG_ALIGN` and `NLA_ALIGN`: function-like macros, which Swift does not import.
@inlinable
package func aligned(_ length: Int) -> Int { (length &+ 3) & ~3 }
