//! The Columns step: which column is which field, and which comes first in a date.

use std::collections::BTreeMap;

use muster_engine::Target;
use muster_engine::map::suggest::{header_shape, required_missing};
use muster_engine::recipe::DateOrder;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::files::{FileRole, FileView, choose, json, parse};
use super::{Imports, now, small};
use crate::error::Result;
use crate::reading::columns::{Choices, ChosenBy, Column, FileFacts};
use crate::store::entities::{column_choice, import_file, template};

/// What was found about the order of a column's dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DateOrderView {
    /// The order in force
    pub chosen: Option<DateOrder>,
    /// Both fit, and nobody has said
    pub question: bool,
    /// Values that only day/month fits
    pub day_month_only: u32,
    /// Values that only month/day fits
    pub month_day_only: u32,
    /// Values that both fit
    pub both: u32,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ColumnView {
    /// Its position, from 0
    pub index: u32,
    /// Its header
    pub header: String,
    /// The first different values
    pub samples: Vec<String>,
    /// Share of cells that are not empty, 0 to 1
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub fill_rate: f64,
    /// Different values
    pub distinct: u32,
    /// Its target
    pub target: Option<Target>,
    /// How sure, 0 to 1
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub confidence: f64,
    /// Why
    pub why: String,
    /// Who chose the target
    pub chosen_by: ChosenBy,
    /// For dates in figures: their order
    pub date_order: Option<DateOrderView>,
    /// Cells that could not be understood, as far as the rows are staged
    pub unreadable: u32,
    /// Values that the person mapped
    pub mapped_values: u32,
}

/// The columns of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FileColumns {
    /// The file
    pub file: FileView,
    /// Its columns
    pub columns: Vec<ColumnView>,
    /// Targets that a list needs and no column gives
    pub missing: Vec<Target>,
    /// When the choices for this header were last saved, where they were remembered: RFC 3339, UTC
    pub template: Option<String>,
}

/// Choices for a header, as remembered: by the columns' positions, since headers of one shape may be written in
/// several ways.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Template {
    targets: BTreeMap<usize, Option<Target>>,
    date_orders: BTreeMap<usize, DateOrder>,
}

impl Imports {
    /// The columns of all files of an import.
    ///
    /// # Errors
    /// When the import does not exist.
    pub async fn columns(&self, id: u32) -> Result<Vec<FileColumns>> {
        let import = self.import(id).await?;
        let mapped = self.mapped_values(import.id).await?;
        let mut all = Vec::new();
        for file in self.files_of(import.id).await? {
            let columns = self.columns_of(&file).await?;
            let role = FileRole::of_name(&file.role);
            let targets: Vec<_> = columns.iter().map(|column| column.target).collect();
            let remembered = columns.iter().any(|column| column.chosen_by == ChosenBy::Template);
            let template =
                if remembered { self.template_of(&columns).await?.map(|found| found.updated) } else { None };
            let unreadable = self.unreadable(&import, file.id, &columns).await?;
            let view = |(index, column): (usize, &Column)| {
                let count = mapped
                    .iter()
                    .filter(|(source, header)| *source == file.source && *header == column.facts.header);
                column_view(index, column, file.rows.unwrap_or(0), unreadable[index], count.count())
            };
            all.push(FileColumns {
                columns: columns.iter().enumerate().map(view).collect(),
                missing: if role == FileRole::Members { required_missing(&targets) } else { Vec::new() },
                template,
                file: self.file_view(&file).await?,
            });
        }
        Ok(all)
    }

    /// Says what a column is; a target has one column, so another one that had it is kept as extra.
    ///
    /// # Errors
    /// When the file or the column does not exist.
    pub async fn set_target(
        &self,
        id: u32,
        file: u32,
        column: u32,
        target: Option<Target>,
    ) -> Result<Vec<FileColumns>> {
        let file = self.file(id, file).await?;
        let columns = self.columns_of(&file).await?;
        let chosen = columns.get(column as usize).ok_or_else(|| crate::Error::not_found("column"))?;
        for other in columns.iter().filter(|other| target.is_some() && other.target == target) {
            self.save_choice(file.id, other, None, ChosenBy::Person, None).await?;
        }
        self.save_choice(file.id, chosen, target, ChosenBy::Person, None).await?;
        self.remember(&file).await?;
        self.columns(id).await
    }

    /// Says which comes first in a column's dates; `None` asks again.
    ///
    /// # Errors
    /// When the file or the column does not exist.
    pub async fn set_date_order(
        &self,
        id: u32,
        file: u32,
        column: u32,
        order: Option<DateOrder>,
    ) -> Result<Vec<FileColumns>> {
        let file = self.file(id, file).await?;
        let columns = self.columns_of(&file).await?;
        let chosen = columns.get(column as usize).ok_or_else(|| crate::Error::not_found("column"))?;
        self.save_choice(file.id, chosen, chosen.target, chosen.chosen_by, Some(order)).await?;
        self.remember(&file).await?;
        self.columns(id).await
    }

    /// The columns of a file with what was chosen.
    pub(super) async fn columns_of(&self, file: &import_file::Model) -> Result<Vec<Column>> {
        choose(file, &self.choices(file.id).await?)
    }

    async fn choices(&self, file: i64) -> Result<Choices> {
        let mut choices = Choices::default();
        let saved = column_choice::Entity::find()
            .filter(column_choice::Column::FileId.eq(file))
            .all(self.db())
            .await?;
        for choice in saved {
            let target: Option<Target> = choice.target.map(|name| parse(&name.into())).transpose()?;
            let by = match choice.chosen_by.as_str() {
                "person" => Some(ChosenBy::Person),
                "template" => Some(ChosenBy::Template),
                _ => None,
            };
            if let Some(order) = choice.date_order {
                choices.date_orders.insert(choice.header.clone(), parse(&order.into())?);
            }
            if let Some(by) = by {
                choices.targets.insert(choice.header, (target, by));
            }
        }
        Ok(choices)
    }

    /// Saves a choice. `order` is `None` to leave the order of dates as it is.
    async fn save_choice(
        &self,
        file: i64,
        column: &Column,
        target: Option<Target>,
        by: ChosenBy,
        order: Option<Option<DateOrder>>,
    ) -> Result<()> {
        let name = |value: serde_json::Value| value.as_str().map(str::to_owned);
        let choice = column_choice::ActiveModel {
            file_id: Set(file),
            header: Set(column.facts.header.clone()),
            target: Set(target.map(|target| target.name().to_owned())),
            chosen_by: Set(name(json(&by)?).unwrap_or_default()),
            date_order: Set(order.flatten().map(|order| json(&order)).transpose()?.and_then(name)),
            ..Default::default()
        };
        let mut updated = vec![column_choice::Column::Target, column_choice::Column::ChosenBy];
        if order.is_some() {
            updated.push(column_choice::Column::DateOrder);
        }
        let keys = [column_choice::Column::FileId, column_choice::Column::Header];
        column_choice::Entity::insert(choice)
            .on_conflict(OnConflict::columns(keys).update_columns(updated).to_owned())
            .exec_without_returning(self.db())
            .await?;
        Ok(())
    }

    /// Remembers what the person chose for files with the same header.
    async fn remember(&self, file: &import_file::Model) -> Result<()> {
        let choices = self.choices(file.id).await?;
        let columns = choose(file, &choices)?;
        let headers = || columns.iter().map(|column| column.facts.header.as_str()).enumerate();
        let targets = headers().filter_map(|(at, header)| Some((at, choices.targets.get(header)?.0)));
        let orders = headers().filter_map(|(at, header)| Some((at, *choices.date_orders.get(header)?)));
        let body = Template { targets: targets.collect(), date_orders: orders.collect() };
        let saved = template::ActiveModel {
            shape: Set(shape(&columns)),
            body: Set(json(&body)?),
            updated: Set(now()),
        };
        template::Entity::insert(saved)
            .on_conflict(
                OnConflict::column(template::Column::Shape)
                    .update_columns([template::Column::Body, template::Column::Updated])
                    .to_owned(),
            )
            .exec_without_returning(self.db())
            .await?;
        self.touch(file.import_id).await
    }

    /// Maps a new file as the last one with the same header was mapped. A remembered order of dates counts only where
    /// the values leave it open.
    pub(super) async fn apply_template(&self, file: &import_file::Model, facts: &FileFacts) -> Result<()> {
        let columns = crate::reading::choose_columns(facts, &Choices::default());
        let Some(found) = self.template_of(&columns).await? else { return Ok(()) };
        let remembered: Template = parse(&found.body)?;
        for (at, column) in columns.iter().enumerate() {
            let order = remembered.date_orders.get(&at).copied().filter(|_| column.facts.date_question);
            let target = remembered.targets.get(&at);
            if target.is_some() || order.is_some() {
                let by = if target.is_some() { ChosenBy::Template } else { ChosenBy::Muster };
                self.save_choice(file.id, column, target.copied().unwrap_or(column.target), by, Some(order))
                    .await?;
            }
        }
        Ok(())
    }

    async fn template_of(&self, columns: &[Column]) -> Result<Option<template::Model>> {
        Ok(template::Entity::find_by_id(shape(columns)).one(self.db()).await?)
    }
}

fn shape(columns: &[Column]) -> String {
    header_shape(&columns.iter().map(|column| column.facts.header.clone()).collect::<Vec<_>>())
}

fn column_view(index: usize, column: &Column, rows: i64, unreadable: u32, mapped: usize) -> ColumnView {
    let facts = &column.facts;
    let [day_month_only, month_day_only, both] = facts.date_orders.map(count);
    let in_figures = day_month_only + month_day_only + both > 0;
    ColumnView {
        index: small(index as i64),
        header: facts.header.clone(),
        samples: facts.samples.clone(),
        fill_rate: if rows > 0 { facts.filled as f64 / rows as f64 } else { 0.0 },
        distinct: count(facts.distinct),
        target: column.target,
        confidence: if column.chosen_by == ChosenBy::Muster { facts.confidence } else { 1.0 },
        why: match column.chosen_by {
            ChosenBy::Muster => facts.why.clone(),
            ChosenBy::Person => "You chose this.".to_owned(),
            ChosenBy::Template => "Chosen before for a file with the same header.".to_owned(),
        },
        chosen_by: column.chosen_by,
        date_order: (column.is_date() && in_figures).then(|| DateOrderView {
            chosen: column.date_order,
            question: column.has_question(),
            day_month_only,
            month_day_only,
            both,
        }),
        unreadable,
        mapped_values: u32::try_from(mapped).unwrap_or(u32::MAX),
    }
}

fn count(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
