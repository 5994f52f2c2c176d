# A report of xfrmctl check as text to compare, a line each check; what follows a # is for the reader only.
# Wants: $about, $status, $modules, $interfaces, $varies (patterns of ids whose outcome is the machine's own).

def padded($width): . + " " * ([$width - length, 1] | max);

def tag:
  if .status == "pass" then "[ok]"
  elif .status == "unknown" then "[??]"
  elif .severity == "required" then "[no]"
  elif .status == "fail" or .severity == "recommended" then "[!!]"
  else "[--]" end;

def varies: .id as $id | any($varies[]; . as $pattern | $id | test($pattern));

"# \($about)",
"verdict: \(.verdict)",
"exit status: \($status)",
"modules loaded meanwhile: \($modules)",
"new interfaces: \($interfaces)",
(.checks[]
  | if varies
    then "[..] \(.id | padded(28))varies"
    else "\(tag) \(.id | padded(28))\(.status | padded(8))\(.severity)"
      + (if .status == "pass" then "" else " " * (12 - (.severity | length)) + "# \(.summary)" end)
    end)
