<#
.SYNOPSIS
Draws what a session of the module shows, as SVG: the picture of the README.

.DESCRIPTION
Runs the commands below against the simulator, whose data follow from its seed, and draws their text. Needs PowerShell 7
and the built module:

    ./build.ps1 build
    pwsh -NoProfile tools/picture.ps1 -Simulator target/debug/drmm-sim -Module out/DattoRMM
#>
[CmdletBinding()]
param(
    # The simulator's program.
    [Parameter(Mandatory)] [string] $Simulator,

    # The folder of the built module.
    [Parameter(Mandatory)] [string] $Module,

    # The file to write.
    [string] $Path = [IO.Path]::Combine($PSScriptRoot, '..', 'docs', 'images', 'session.svg')
)
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'

$Session = @(
    { Connect-DrmmApi -Platform pinotage -Credential (Get-Credential) }
    { Get-DrmmSite | Select-Object -First 4 }
    { Get-DrmmSite -Name 'Contoso*' | Get-DrmmDevice | Where-Object online | Select-Object -First 4 }
    { Get-DrmmAlert | Where-Object priority -EQ Critical | Select-Object -First 3 }
    { Get-DrmmAlert | Where-Object priority -EQ Information | Select-Object -First 2 | Resolve-DrmmAlert }
    { Get-DrmmQuota }
)
$Columns = 120
$CharacterWidth = 7.8
$LineHeight = 17
$Margin = 16

$start = [Diagnostics.ProcessStartInfo]::new($Simulator, '--watch-stdin --devices 10000 --sites 40')
$start.UseShellExecute = $false
$start.RedirectStandardInput = $true
$start.RedirectStandardOutput = $true
$process = [Diagnostics.Process]::Start($start)
try {
    $ready = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    Import-Module (Resolve-Path $Module).Path
    $credential = [pscredential]::new($ready.key, (ConvertTo-SecureString $ready.secret -AsPlainText -Force))

    $lines = foreach ($step in $Session) {
        "PS> $("$step".Trim())"
        $text = if ("$step" -match 'Connect-DrmmApi') {
            # It would ask for the key of a real account.
            Connect-DrmmApi -Url $ready.url -Credential $credential
        }
        else {
            & $step | Out-String -Width ($Columns - 1)
        }
        "$text".TrimEnd() -split '\r?\n'
    }
    Disconnect-DrmmApi
}
finally {
    $process.StandardInput.Close()
    $process.WaitForExit()
    $process.Dispose()
}

# An empty line before each command is enough.
$lines = @("$($lines -join "`n")".Trim() -replace '\n{3,}', "`n`n" -replace '(?<!\n)\n(?=PS> )', "`n`n" -split '\n')
$width = [int] ($Columns * $CharacterWidth + 2 * $Margin)
$height = $lines.Count * $LineHeight + 2 * $Margin
$svg = [Text.StringBuilder]::new()
[void] $svg.Append("<svg xmlns=`"http://www.w3.org/2000/svg`" viewBox=`"0 0 $width $height`" role=`"img`">`n")
[void] $svg.Append("<title>A session of the DattoRMM module</title>`n")
[void] $svg.Append("<rect width=`"$width`" height=`"$height`" rx=`"8`" fill=`"#0d1117`"/>`n")
[void] $svg.Append("<g font-family=`"ui-monospace, Consolas, Menlo, 'DejaVu Sans Mono', monospace`" font-size=`"13`" ")
[void] $svg.Append("fill=`"#c9d1d9`" xml:space=`"preserve`">`n")
$y = $Margin + 12
$isHead = $false
foreach ($line in $lines) {
    $escaped = [Security.SecurityElement]::Escape($line.TrimEnd())
    $colour = if ($line.StartsWith('PS> ')) { ' fill="#79c0ff"' } elseif ($isHead) { ' fill="#7ee787"' } else { '' }
    $isHead = $line -eq ''
    if ($escaped) {
        # Each line has the width that it has on a console, whatever the font.
        $length = [Math]::Round($line.TrimEnd().Length * $CharacterWidth, 1).ToString([cultureinfo]::InvariantCulture)
        [void] $svg.Append("<text x=`"$Margin`" y=`"$y`" textLength=`"$length`"$colour>$escaped</text>`n")
    }
    $y += $LineHeight
}
[void] $svg.Append("</g>`n</svg>`n")
[void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Path))
[IO.File]::WriteAllText($Path, $svg.ToString())
