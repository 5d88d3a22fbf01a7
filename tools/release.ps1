<#
.SYNOPSIS
Makes a release on GitHub of what lies in the package's folder.

.DESCRIPTION
Refuses a tag that is not that of the package, and a changelog that gives this version no date. The release's text is
the changelog's part about it. Needs gh, signed in.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Tag,

    [Parameter(Mandatory)]
    [string] $Version,

    [Parameter(Mandatory)]
    [string] $Package,

    [Parameter(Mandatory)]
    [string] $Changelog
)

$ErrorActionPreference = 'Stop'

if ($Tag -ne "v$Version") {
    throw "The tag is $Tag, and the version v$Version."
}
$text = [IO.File]::ReadAllText($Changelog).Replace("`r", '')
$part = [regex]::Match($text, "(?ms)^## \[$([regex]::Escape($Version))\] - \d{4}-\d\d-\d\d\n(?<notes>.*?)(?=^## |\z)")
if (-not $part.Success) {
    throw "$Changelog has no part `"## [$Version] - <year-month-day>`"."
}
$sums = [IO.Path]::Combine($Package, 'SHA256SUMS')
$files = @($sums) + @(foreach ($line in [IO.File]::ReadAllLines($sums)) {
        [IO.Path]::Combine($Package, ($line -split '  ', 2)[1])
    })
$notes = [IO.Path]::Combine($Package, 'notes.md')
[IO.File]::WriteAllText($notes, $part.Groups['notes'].Value.Trim() + "`n")
& gh release create $Tag --verify-tag --title "DattoRMM $Version" --notes-file $notes @files
if ($LASTEXITCODE -ne 0) {
    throw "gh ended with exit code $LASTEXITCODE."
}
