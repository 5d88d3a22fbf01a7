<#
.SYNOPSIS
Component script that goes on in 64-bit PowerShell where the agent has started the 32-bit one.

.DESCRIPTION
The module needs none of this: its zip has libraries for 32-bit and for 64-bit hosts. Your own work may: in a 32-bit
process Windows shows another part of the registry, and SysWOW64 in place of System32.

The script starts itself again in the 64-bit host, with its environment (and so the variables of the component), passes
the output on, and ends with the same exit code.

.EXAMPLE
./Component-64Bit.ps1
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # The host to go on in. By default that is the 64-bit Windows PowerShell, if this one is 32-bit on 64-bit Windows.
    [string] $In = $(
        if ([Environment]::Is64BitOperatingSystem -and -not [Environment]::Is64BitProcess) {
            # Sysnative is how a 32-bit process sees the 64-bit System32.
            Join-Path $env:SystemRoot 'Sysnative\WindowsPowerShell\v1.0\powershell.exe'
        }),

    # Stays in this host.
    [switch] $Here
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($In -and -not $Here) {
    & $In -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $PSCommandPath -Here
    exit $LASTEXITCODE
}

# Put your own work here, or the rest of Component-Application.ps1.
try {
    "64-bit process: $([Environment]::Is64BitProcess)"
    "Site: $env:CS_PROFILE_NAME"
    exit 0
}
catch {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit 1
}
