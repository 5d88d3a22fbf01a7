<#
.SYNOPSIS
A tour of the module against the simulator: every command is shown, then what it gives.

.DESCRIPTION
`build.ps1 demo` builds both and starts this. It uses only commands that the PowerShell engine itself has, so it runs
in tools/pwsh.cs too; with PowerShell you would write `Select-Object -First 5` where an index stands here.
#>
[CmdletBinding()]
param(
    # The simulator's program.
    [Parameter(Mandatory)] [string] $Simulator,

    # The folder of the built module.
    [Parameter(Mandatory)] [string] $Module,

    [int] $Devices = 10000,
    [int] $Sites = 40
)
$ErrorActionPreference = 'Stop'

# The simulator says where it listens in one line of JSON, and ends when its standard input does.
$start = [Diagnostics.ProcessStartInfo]::new($Simulator, "--devices $Devices --sites $Sites --watch-stdin")
$start.UseShellExecute = $false
$start.RedirectStandardInput = $true
$start.RedirectStandardOutput = $true
$process = [Diagnostics.Process]::Start($start)
try {
    $ready = $process.StandardOutput.ReadLine()
    $url, $key, $secret = foreach ($name in 'url', 'key', 'secret') {
        if ($ready -notmatch """$name"":""(?<value>[^""]+)""") {
            throw "The simulator did not start: its first line has no $name."
        }
        $Matches.value
    }
    Import-Module $Module -Force

    $tour = @(
        "Connect. This account is simulated: $Devices devices on $Sites sites. A real one takes -Platform, not -Url."
        { Connect-DrmmApi -Url $url -Key $key -SecretKey $secret }

        'The account.'
        { Get-DrmmAccount }

        'The first sites.'
        { $all = Get-DrmmSite; $all[0..4] }

        'The first devices of one site, and how many of them are online.'
        { $here = Get-DrmmDevice -SiteUid $all[0].uid; $here[0..4] }
        { "$(@($here | Where-Object online).Count) of $($here.Count)" }

        'Open alerts by priority.'
        { $alerts = Get-DrmmAlert -Status Open }
        { foreach ($priority in 'Critical', 'High', 'Moderate', 'Low', 'Information') {
              [pscustomobject]@{ Priority = $priority; Alerts = @($alerts | Where-Object priority -eq $priority).Count }
          } }

        'An alert leaves the open list when it is resolved.'
        { $alerts[0] }
        { Resolve-DrmmAlert -AlertUid $alerts[0].alertUid }
        { "$($alerts.Count) were open, $(@(Get-DrmmAlert -Status Open).Count) are." }

        'Every device of the account.'
        { $watch = [Diagnostics.Stopwatch]::StartNew()
          $count = 0
          Get-DrmmDevice | ForEach-Object { $count++ }
          "$count devices in $($watch.Elapsed.TotalSeconds.ToString('0.00')) s" }

        'What this cost of the quota of requests.'
        { Get-DrmmQuota }
        { Disconnect-DrmmApi }
    )
    foreach ($step in $tour) {
        if ($step -is [string]) {
            "`n# $step" | Out-Host
        }
        else {
            "PS> $("$step".Trim() -replace '\n {10}', "`n>>  ")" | Out-Host
            . $step | Out-Host
        }
    }
}
finally {
    $process.StandardInput.Close()
    if (-not $process.WaitForExit(5000)) {
        $process.Kill()
    }
    $process.Dispose()
}
